"""Redacting: text streamed out with typed, consistent placeholders that only the key can turn back."""

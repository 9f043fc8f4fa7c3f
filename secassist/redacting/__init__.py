"""Redaction as a product: streams text out with typed, consistent placeholders that only the key can turn back."""

"""Secrets: formats of providers, assigned values, wrapped values, checksums, context, hints."""

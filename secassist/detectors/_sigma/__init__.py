"""Sigma rules: reading, matching, fields by their many names, decoded commands."""

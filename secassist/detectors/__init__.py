"""Deterministic evidence: one file per detector family."""

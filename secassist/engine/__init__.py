"""Tokens only: sequences, grammar, batch decoding; knows no security and no model files."""

"""Measures answers from documents."""

"""Answers from documents, piece by piece."""

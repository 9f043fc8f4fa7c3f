"""Likeness: which alerts are the same but for time and numbering, so that one answer serves them all."""

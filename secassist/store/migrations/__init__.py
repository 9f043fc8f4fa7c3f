"""Numbered steps from an empty database to the newest one; a released step is never edited."""

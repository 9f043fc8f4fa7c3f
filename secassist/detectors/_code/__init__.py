"""Source code as text for detectors: comments blanked, places of characters, one-line dangers."""

"""Unwrapping of encoded and spliced commands, layer by layer."""

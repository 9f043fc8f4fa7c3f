"""Investigating: what is known of a stored analysis, what is linked to it, what to find out next, and how far that is."""

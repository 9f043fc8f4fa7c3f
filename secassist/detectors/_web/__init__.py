"""Attacks in web requests: the parts of a request, and the patterns for each."""

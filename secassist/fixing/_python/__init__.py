"""Rewrites of Python with libcst, a file for each kind of weakness."""

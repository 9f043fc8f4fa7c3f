"""Rewrites of all other languages with tree-sitter, a file for each kind of weakness."""

"""Following of numbers, pointers and buffers through C functions."""

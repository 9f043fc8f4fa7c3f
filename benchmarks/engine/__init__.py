"""The benchmark of the inference engine: the same requests through ours and what a user would pick instead."""

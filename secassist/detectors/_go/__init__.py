"""Numbers, lengths and contexts of Go programs."""

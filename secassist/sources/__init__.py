"""How input is read: one file per input format."""

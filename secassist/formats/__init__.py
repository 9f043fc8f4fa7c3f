"""How results are written: one file per output format."""

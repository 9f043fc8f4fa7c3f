"""The analyses: one driver and one file per analysis."""

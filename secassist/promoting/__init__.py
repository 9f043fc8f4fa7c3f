"""The gate between a trained adapter and what serves: measured against the live one, or refused with the figures."""

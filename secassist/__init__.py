"""secassist: a security-operations analysis assistant with a local model."""

__version__ = "0.1.0"

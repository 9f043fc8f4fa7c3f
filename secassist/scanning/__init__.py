"""The batch scan: which files, what is known already, what is suppressed, what is new; it judges through a pipeline."""

"""Queueing: how subjects become jobs and jobs become analyses; knows the pipeline and the table, no broker, no SQL."""

"""Celery's side of the queue: a message wakes the worker of its process, which looks at the table."""

"""Celery jobs, each a few lines: ids in, one use case, errors retried and then written down."""

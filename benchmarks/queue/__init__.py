"""The queue, measured: intake, claims, growth, overhead, throughput and recovery, with plain Celery beside it."""

"""Faults: real servers and worker processes are killed, stopped, flushed and starved; the client's own list is the judge."""

"""Following of data from sources to sinks: the engine, and what each language knows, as data."""

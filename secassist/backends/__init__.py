"""Where completions come from: one file per model backend."""

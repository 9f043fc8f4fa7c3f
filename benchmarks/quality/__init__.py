"""The scoreboard of verdicts: what the shipped weights reach on labelled data, and what others do on the same rows."""

"""The scoreboard of code review."""

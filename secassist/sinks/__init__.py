"""Where events go: one file per kind of sink; a sink gets ids and words of a verdict, never the text of an input."""

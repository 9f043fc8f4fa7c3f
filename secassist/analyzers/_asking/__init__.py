"""Finding the sentences of documents that answer a question; knows no model."""

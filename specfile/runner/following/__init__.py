"""Following what the service renders to its end: by questions, or by its messages."""

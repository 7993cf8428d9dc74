"""Letters: which font writes them, in which direction, where lines break, and how wide they are."""

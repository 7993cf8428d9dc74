"""Speech: which language and voice a text is spoken in, by an engine in a process of its own."""

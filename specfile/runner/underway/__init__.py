"""A build while it is under way: its threads, its places at the service, and what it has come to so far."""

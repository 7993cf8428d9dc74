"""Getting videos to the service, once: the intent, the request, the search for a lost answer."""

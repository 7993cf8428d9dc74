"""The catalogue of the account in use: as it is kept, read anew, or asked for id by id."""

"""Jinja inside scalars: what templates may do, how much of it, and what they reach for."""

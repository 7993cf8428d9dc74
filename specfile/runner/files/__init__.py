"""Finished films on their way into their files."""

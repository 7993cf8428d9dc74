"""Storyboards: what is told of each scene, its frame, and what changed between two."""

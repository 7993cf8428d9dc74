"""Films: what a scene shows and how it moves, encoded once for its content, and joined."""

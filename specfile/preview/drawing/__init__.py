"""Pictures of everything that is seen, made with Pillow."""

"""What was rendered for which film: the lock's lines, how they are settled, and the file that holds them."""

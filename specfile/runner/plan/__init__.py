"""What a build would do, and why; nothing is done here."""

"""Looking after what was built: asking, adopting, inspecting, deleting."""

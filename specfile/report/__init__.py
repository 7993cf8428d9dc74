"""What people see of plans, runs and locks. Everything here turns values into text or pictures of text."""

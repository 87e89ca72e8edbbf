"""What the norm says: requirement rows, profiles, coverage."""

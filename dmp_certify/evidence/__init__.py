"""What was seen, byte-exact, before anybody judges it."""

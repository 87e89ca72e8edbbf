"""What the product does over several messages, and what it says of it."""

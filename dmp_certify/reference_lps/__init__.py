"""The reference product: a small, real, conforming client of the DMP, and its deliberate sins."""

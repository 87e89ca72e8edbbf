"""A DMP to develop and certify against: it listens, answers, and records what it receives."""

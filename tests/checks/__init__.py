"""The checks, each against a test set of its own."""

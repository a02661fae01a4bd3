"""Benchmarks: scripts that print medians; no test asserts a time."""

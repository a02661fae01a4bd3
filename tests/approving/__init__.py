"""Approving a report: what was looked through is what is written, and nothing else is approved."""

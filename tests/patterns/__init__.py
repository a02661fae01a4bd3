"""Patterns over sessions: linking, edits, kinds, evidence, figures and what they cost."""

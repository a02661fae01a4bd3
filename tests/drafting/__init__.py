"""Drafting with the real starter."""

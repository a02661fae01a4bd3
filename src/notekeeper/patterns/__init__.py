"""Patterns: signed themes over sessions become threads, threads become patterns with a kind and a plain sentence."""

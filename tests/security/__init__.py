"""Tests of what an attacker or an accident can do."""

"""Tests of identifiers: proposed, known in every spelling, decided on, kept out of final bytes."""

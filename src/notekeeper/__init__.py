"""notekeeper: session notes in an encrypted vault, with drafts that a therapist reviews beside their evidence."""

__version__ = "0.1.0"

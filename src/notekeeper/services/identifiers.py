"""Reduced identifiability, as commands and screens ask for it: dictionary, decisions, rehearsal of a report.

What always holds: see `identifiers_kept` for what stays in a client's file and `identifiers_rehearsal` for what is
looked through.
"""

from notekeeper.services.identifiers_kept import (
    Proposed,
    add_identifier,
    decide,
    decisions_of,
    dictionary_of,
    known_of,
    proposals_from_notes,
    remove_identifier,
)
from notekeeper.services.identifiers_rare import RareTheme, rare_themes
from notekeeper.services.identifiers_rehearsal import (
    Rehearsal,
    apply_decisions,
    decision_on,
    look_through,
    rehearse,
)

__all__ = [
    "Proposed",
    "RareTheme",
    "Rehearsal",
    "add_identifier",
    "apply_decisions",
    "decide",
    "decision_on",
    "decisions_of",
    "dictionary_of",
    "known_of",
    "look_through",
    "proposals_from_notes",
    "rare_themes",
    "rehearse",
    "remove_identifier",
]

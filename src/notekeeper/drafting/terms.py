"""Feelings, diagnoses, theory and risk: what an item may say of them only because its sentences do.

What always holds: each check looks for its own words in the item and then for the same in the evidence, a feeling by
a listed synonym too; nothing is inferred, and no risk is raised or ruled out.
"""

from collections.abc import Sequence

from notekeeper.drafting.wordlists import WordLists, missing_terms, singular, unsupported_feelings
from notekeeper.drafting.words import stem

FEELING = "It names a feeling that its sentences do not name."
DIAGNOSIS = "It names a diagnosis that its sentences do not name."
THEORY = "It uses a term of theory that its sentences do not use."
RISK = "It speaks of risk in words that its sentences do not have. Risk is yours to write."


def brings_feeling(text: str, evidence: Sequence[str], lists: WordLists) -> bool:
    """Whether a feeling word of the text has neither itself nor a listed synonym in the evidence."""
    return bool(unsupported_feelings(text, evidence, lists))


def brings_diagnosis(text: str, evidence: Sequence[str], lists: WordLists) -> bool:
    """Whether the text has a diagnosis, in that form, which the evidence lacks."""
    return bool(missing_terms(text, evidence, lists.diagnoses, singular))


def brings_theory(text: str, evidence: Sequence[str], lists: WordLists) -> bool:
    """Whether the text has a term of theory, in that form, which the evidence lacks."""
    return bool(missing_terms(text, evidence, lists.theory, singular))


def brings_risk(text: str, evidence: Sequence[str], lists: WordLists) -> bool:
    """Whether the text has a word of risk, by stem, which the evidence lacks."""
    return bool(missing_terms(text, evidence, lists.risk, stem))


def brings_topic(text: str, evidence: Sequence[str], lists: WordLists) -> bool:
    """Whether the text takes something of a client's life for granted, by stem, which the evidence lacks."""
    return bool(missing_terms(text, evidence, lists.topics, stem))


def brought_in(text: str, evidence: Sequence[str], lists: WordLists) -> str | None:
    """The reason for the gravest word that the text brings in by itself, or None."""
    found = (
        (brings_risk, RISK),
        (brings_diagnosis, DIAGNOSIS),
        (brings_theory, THEORY),
        (brings_feeling, FEELING),
    )
    return next((reason for brings, reason in found if brings(text, evidence, lists)), None)

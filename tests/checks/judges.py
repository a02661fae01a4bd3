"""The invented test sets of the checks, and what each check says of an entry.

A set is `sets/<check>.jsonl`, one {"text", "evidence", "note"?, "withheld", "why"?} a line: `text` is the item,
`evidence` the sentences it cites, `withheld` whether a careful therapist would want this check to stop it. For
`duplicates` the evidence is the other item's label, for `instruction` the text is a sentence of a note, for `language`
and `transcript` the note is all there is.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from notekeeper.domain.text import Evidence
from notekeeper.drafting.checks import brings_name, brings_number, outside, same_theme
from notekeeper.drafting.context import in_context
from notekeeper.drafting.denials import adds_denial, drops_denial
from notekeeper.drafting.gate import reads_as_english, reads_as_transcript
from notekeeper.drafting.machine import addresses_a_machine
from notekeeper.drafting.ownership import changes_owner
from notekeeper.drafting.sentences import split_sentences
from notekeeper.drafting.tense import drops_the_past
from notekeeper.drafting.terms import brings_diagnosis, brings_feeling, brings_risk, brings_theory
from notekeeper.drafting.words import name_like, words
from tests.unit.gold import vocabulary, word_lists

Entry = dict[str, Any]
SETS = Path(__file__).parent / "sets"


def entries(name: str) -> list[Entry]:
    """The lines of one set."""
    return [json.loads(line) for line in (SETS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def _named(entry: Entry) -> bool:
    sentences = split_sentences(entry.get("note") or " ".join(entry["evidence"]))
    return brings_name(words(entry["text"]), vocabulary(), name_like(sentences, vocabulary()))


def _denial(entry: Entry) -> bool:
    evidence = entry["evidence"]
    if note := entry.get("note"):
        found = [(note.rindex(piece), piece) for piece in (piece.removeprefix("- ") for piece in evidence)]
        evidence = in_context(note, [Evidence(start=at, end=at + len(piece), text=piece) for at, piece in found])
    given = (entry["text"], evidence, vocabulary(), word_lists())
    return drops_denial(*given) or adds_denial(*given)


JUDGES: dict[str, Callable[[Entry], bool]] = {
    "content_words": lambda e: bool(outside(e["text"], e["evidence"], vocabulary(), word_lists())),
    "names": _named,
    "numbers": lambda e: brings_number(words(e["text"]), e["evidence"]),
    "feelings": lambda e: brings_feeling(e["text"], e["evidence"], word_lists()),
    "diagnoses": lambda e: brings_diagnosis(e["text"], e["evidence"], word_lists()),
    "theory": lambda e: brings_theory(e["text"], e["evidence"], word_lists()),
    "risk": lambda e: brings_risk(e["text"], e["evidence"], word_lists()),
    "negation": _denial,
    "ownership": lambda e: changes_owner(e["text"], e["evidence"], word_lists()) is not None,
    "past": lambda e: drops_the_past(e["text"], e["evidence"], word_lists()),
    "duplicates": lambda e: same_theme(e["text"], e["evidence"][0], vocabulary(), word_lists()),
    "instruction": lambda e: addresses_a_machine(e["text"]),
    "language": lambda e: not reads_as_english(e["note"]),
    "transcript": lambda e: reads_as_transcript(e["note"]),
}

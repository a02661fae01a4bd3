"""What the signature of a report is worth to this reader, in words: for a page, for a list, and for its heading.

What always holds: an alarm comes first and is told in capitals as well as in colour; a report by a key that is not
known never stands under the name of one that is.
"""

from collections.abc import Iterable, Mapping
from typing import Protocol

from notekeeper.reports.files import Beside
from notekeeper.reports.phrases import day
from notekeeper.reports.trust import Standing, Trust, letters_of


class Judged(Protocol):
    """A report with what is known of its key, and what each file beside it is, by its ending."""

    @property
    def trust(self) -> Trust: ...
    @property
    def beside(self) -> Mapping[str, Beside]: ...


def heading(reading: Judged, among: Iterable[Judged]) -> str:
    """Whom a report is listed under: the supervisor's own name for its key. Where the key is not known, the name that
    the report bears, told apart from whoever else bears it."""
    trust = reading.trust
    name = trust.therapist or "No name is given"
    match trust.standing:
        case Standing.OWN:
            return name
        case Standing.KNOWN:
            return trust.name
        case Standing.CHANGED:
            return f"{name} – another key than the one you know"
        case Standing.STRIPPED | Standing.UNSIGNED:
            return f"{name} – not signed"
    keys = {
        each.trust.public_key
        for each in among
        if each.trust.standing is Standing.UNKNOWN and letters_of(each.trust.therapist) == letters_of(trust.therapist)
    }
    return name if len(keys) < 2 else f"{name} – key: {' '.join(trust.words[:2])} …"


def verdict(reading: Judged) -> tuple[str, ...]:
    """Who signed this file as far as that is known, and what is wrong with the files beside it: a sentence each, an
    alarm first."""
    changed = [ending for ending, what in reading.beside.items() if what is Beside.CHANGED]
    files = ", ".join(f".{ending}" for ending in changed)
    told = [f"WARNING: changed since it was sealed: the {files} beside this report."] if changed else []
    signed = _signed(reading.trust)
    return (*signed, *told) if reading.trust.standing.alarming else (*told, *signed)


def _signed(trust: Trust) -> tuple[str, ...]:
    key, calls = trust.key, f"the report calls its maker {trust.therapist or 'nothing'}"
    name = key.name if key else ""
    match trust.standing:
        case Standing.OWN:
            told = "Signed by the vault that is open here."
        case Standing.KNOWN:
            told = f"Signed by {name}: the key that you know since {day(key.added_on) if key else ''}."
            other = key is not None and key.signs_as != trust.therapist
            return (told, f"Named otherwise than when you added the key: {calls}.") if other else (told,)
        case Standing.UNKNOWN:
            told = (
                f"Signed with a key that you do not know yet; {calls}. Compare the eight words by phone before you "
                "rely on it."
            )
        case Standing.CHANGED:
            told = (
                f"WARNING: this is NOT the key that you know for {name}; {calls}, but another key signed it. Do not "
                "rely on it: ring the therapist on a number you have from before."
            )
        case Standing.STRIPPED:
            told = (
                f"WARNING: NOT SIGNED, though you know a key of {name}. Anyone could have made or changed this file. "
                "Only reports of earlier versions are not signed; ask the therapist."
            )
        case Standing.UNSIGNED:
            told = "Not signed: nothing shows who made this file, or that it was not changed on its way."
    return (told,)


def alarming(reading: Judged) -> bool:
    """Whether the reader has to be warned of this report: of its signature, or of the files beside it."""
    return reading.trust.standing.alarming or Beside.CHANGED in reading.beside.values()


def badge(reading: Judged) -> str:
    """The same in a word or two, for a list."""
    if any(what is Beside.CHANGED for what in reading.beside.values()):
        return "! FILES CHANGED"
    return {
        Standing.OWN: "✓ this vault",
        Standing.KNOWN: "✓ known key",
        Standing.UNKNOWN: "? new key",
        Standing.CHANGED: "! KEY CHANGED",
        Standing.STRIPPED: "! NOT SIGNED",
        Standing.UNSIGNED: "– not signed",
    }[reading.trust.standing]

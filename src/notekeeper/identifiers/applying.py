"""Decisions on what was found: which of them a spelling falls under, and what then stands in its place.

What always holds: a keep covers its own spelling alone, a replacement every spelling of the same identifier but those
that are ordinary words in small letters; the newest decision on a spelling itself goes before one on another spelling.
"""

import re
from collections.abc import Mapping, Sequence

from notekeeper.domain.identifiers import Hit, Identifier, IdentifierDecision, IdentifierType, Treatment
from notekeeper.domain.report import ReportDocument
from notekeeper.identifiers.dated import days_in
from notekeeper.identifiers.fields import FieldText, rewritten
from notekeeper.identifiers.numbers import number_in
from notekeeper.identifiers.proposing import propose
from notekeeper.identifiers.scanning import Found, Scanner, is_small, spelling

INSTEAD = {
    IdentifierType.PERSON: "[name]",
    IdentifierType.PLACE: "[place]",
    IdentifierType.ORG: "[organisation]",
    IdentifierType.DATE: "[date]",
    IdentifierType.CONTACT: "[contact]",
    IdentifierType.AGE: "[age]",
    IdentifierType.OTHER: "[left out]",
}
"""What a replacement without words of its own puts in the place of each type."""


class Decided:
    """What one or more clients' decisions say. `decisions` are those that stand, by the client's code, in the order
    made; `known` are the clients' dictionaries as for `Scanner`."""

    def __init__(
        self, decisions: Mapping[str, Sequence[IdentifierDecision]], known: Sequence[tuple[str, Identifier]]
    ) -> None:
        self._exact: dict[tuple[str, str, bool], IdentifierDecision] = {}
        self._of_known: dict[tuple[str, str], IdentifierDecision] = {}
        self._known = tuple(known)
        self._extra: list[tuple[str, Identifier]] = []
        scanner = Scanner(known)
        for client, made in decisions.items():
            for decision in made:
                self._learn(scanner, client, decision)

    def _learn(self, scanner: Scanner, client: str, decision: IdentifierDecision) -> None:
        found, small = decision.found, is_small(decision.found)
        self._exact[client, spelling(found), small] = decision
        if decision.treatment is Treatment.KEEP:
            return
        whole = [one for one in scanner.known_in(found, client) if one.hit.client == client]
        if not whole:
            self._extra.append((client, Identifier(text=found, type=kind_of(found))))
            self._of_known[client, spelling(found)] = decision
        elif not small:
            self._of_known[client, spelling(whole[0].hit.known)] = decision

    def scanner(self, own: frozenset[str] = frozenset(), in_files: frozenset[str] = frozenset()) -> Scanner:
        """Looks for the dictionaries everywhere, and on each client's page for what was decided there without being in
        one, in every spelling too. `own` and `in_files` as for `Scanner`."""
        claimed = frozenset((client, found) for client, found, _ in self._exact)
        return Scanner(self._known, own, in_files, theirs=self._extra, claimed=claimed)

    def on(self, hit: Hit) -> IdentifierDecision | None:
        """The decision that this hit falls under, None for one that is still to be made."""
        small = is_small(hit.found)
        exact = self._exact.get((hit.client, spelling(hit.found), small))
        if exact is not None or small:
            return exact
        return self._of_known.get((hit.client, spelling(hit.known))) if hit.known else None

    def words_for(self, hit: Hit) -> str | None:
        """What stands in the place of a hit, None where it stays as it is."""
        decision = self.on(hit)
        if decision is None or decision.treatment is Treatment.KEEP:
            return None
        return decision.instead or INSTEAD[hit.type]


def kind_of(found: str) -> IdentifierType:
    """What a found text most likely is. A short number is an age, so that it is only looked for where it is one."""
    short = number_in(found) is not None and not re.search(r"\d{4}|[/-]\d|[A-Z]{2}", found)
    if short and not any(True for _ in days_in(found)):
        return IdentifierType.AGE
    kinds = [proposal.type for proposal in propose(f"with {found}") if len(proposal.text) >= len(found) - 4]
    return kinds[0] if kinds else IdentifierType.OTHER


def apply(document: ReportDocument, decided: Decided, scanner: Scanner) -> ReportDocument:
    """The document with what was decided in the place of what was found, in every text of it. `scanner` is one of
    `decided`'s. Raises `ValidationError` where a text no longer fits its place."""

    def change(text: FieldText) -> str:
        return replaced(text.text, scanner.in_field(text), decided)

    return rewritten(document, change)


def replaced(text: str, found: Sequence[Found], decided: Decided) -> str:
    """`text` with the words of the decisions in the place of what was found."""
    made, last = [], 0
    for one in found:
        words = decided.words_for(one.hit)
        if words is not None:
            made += [text[last : one.start], words]
            last = one.end
    return "".join((*made, text[last:]))

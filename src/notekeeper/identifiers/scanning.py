"""Looking for identifiers in the final texts of a report: known ones in every spelling, and spans that look like one.

What always holds: what was found is given as it stood; one spelling is one hit with all its places; a file is looked
through for whatever its fields do not hold, so that nothing comes in between the fields and the bytes.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from notekeeper.domain.identifiers import Hit, Identifier, IdentifierType, Proposal
from notekeeper.identifiers.fields import FieldText
from notekeeper.identifiers.folding import fold, words_of
from notekeeper.identifiers.matching import Match, Matcher
from notekeeper.identifiers.numbers import number_in
from notekeeper.identifiers.proposing import propose
from notekeeper.identifiers.words import HOLIDAYS, WEEKDAYS, is_ordinary

_RETURNING = (
    WEEKDAYS
    | HOLIDAYS
    | frozenset(
        "autumn bank by day early eve half holiday in last late mid new next of since spring summer term that the this "
        "winter year".split()
    )
)
"""Days that come every week or year, and seasons: proposed from notes, not asked about in a report."""
_LONGEST = 200
_AROUND = 120
"""Characters on either side of a strange word in a file that are looked at with it."""
_SHORT_NUMBER = 2
"""Figures that are everywhere in a report and tell nothing: counts, numbers of sessions and of pages."""


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of one of the report's files, and the name by which it is called."""

    name: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Found:
    """One place of a text: what stands there, and the hit that it belongs to, without its places."""

    start: int
    end: int
    hit: Hit


def spelling(text: str) -> str:
    """What two places have in common that are the same spelling of a word: its letters, whatever the case, accents,
    spaces and hyphens."""
    return "".join(word.folded for word in words_of(text).words) or fold(text).strip()


def is_small(text: str) -> bool:
    """Whether all of it is ordinary words in small letters, as "will" is, which may mean just that. No number is."""
    words = words_of(text).words
    letters = bool(words) and number_in(text) is None and all(word.folded.isalpha() for word in words)
    return letters and not any(word.capital or not is_ordinary(word.folded) for word in words)


class Scanner:
    """Looks for one dictionary in any number of texts. `known` pairs the code of a client with an entry of theirs;
    `own` are the folded words of the report's own wherever they stand, `in_files` those that are in its files
    alone (`own_words`, `counts_and_days`). `theirs` are like `known`, but looked for on that client's own page alone;
    `claimed` are spellings that a client has decided on, which on that client's page are that client's own."""

    def __init__(
        self,
        known: Sequence[tuple[str, Identifier]],
        own: frozenset[str] = frozenset(),
        in_files: frozenset[str] = frozenset(),
        *,
        theirs: Sequence[tuple[str, Identifier]] = (),
        claimed: frozenset[tuple[str, str]] = frozenset(),
    ) -> None:
        self._known, self._everywhere = (*known, *theirs), len(known)
        self._matcher = Matcher([identifier for _, identifier in self._known])
        self._own, self._in_files = own, own | in_files
        self._claimed = claimed

    def in_field(self, text: FieldText) -> list[Found]:
        """Everything found in one field, in its order; nothing overlaps."""
        found = list(self.known_in(text.text, text.client))
        found += self._looks_like(text, found)
        return sorted(found, key=lambda one: one.start)

    def known_in(self, text: str, client: str = "") -> Iterator[Found]:
        """Known identifiers alone. One that several clients have is the one of `client`."""
        for match in self._matcher.matches(text):
            if match.known < self._everywhere or self._known[match.known][0] == client or not client:
                yield self._of(match, text, client)

    def _of(self, match: Match, text: str, client: str) -> Found:
        owner, identifier = self._known[match.known]
        if owner != client:
            same = spelling(identifier.text)
            theirs = (one for one in self._known if one[0] == client and spelling(one[1].text) == same)
            owner, identifier = next(theirs, (owner, identifier))
            if (client, spelling(text[match.start : match.end])) in self._claimed:
                owner = client
        hit = Hit(
            found=text[match.start : match.end],
            type=identifier.type,
            known=identifier.text,
            near=match.near,
            client=owner,
        )
        return Found(match.start, match.end, hit)

    def _looks_like(self, text: FieldText, found: Sequence[Found]) -> Iterator[Found]:
        for proposal, words in _whole(text.text):
            if any(proposal.start < one.end and one.start < proposal.end for one in found):
                continue
            if not self._is_plain(proposal, words, text.text):
                hit = Hit(found=proposal.text, type=proposal.type, client=text.client)
                yield Found(proposal.start, proposal.end, hit)

    def _is_plain(self, proposal: Proposal, words: frozenset[str], text: str) -> bool:
        """Whether it is the report's own, a day of the week, a feast, a season, or a count of sessions."""
        if words <= self._own or words <= _RETURNING:
            return True
        if proposal.type is not IdentifierType.AGE or not proposal.text.isdecimal():
            return False
        around = text[max(0, proposal.start - 60) : proposal.end + 30]
        return "session" in fold(around)

    def in_file(self, file: FileText, fields: frozenset[str]) -> Iterator[Found]:
        """What a file holds beside its fields, whose folded words are `fields`, and the report's own. Only the
        surroundings of other words are looked through, for a hit has one of them."""
        for start, text in self._strange(file.text, fields):
            for one in self.known_in(text):
                words = words_of(text[one.start : one.end]).words
                if not self._says_itself((word.folded for word in words), fields):
                    yield replace(one, start=one.start + start, end=one.end + start)
            for proposal, held in _whole(text):
                if not self._says_itself(held, fields) and len(proposal.text) <= _LONGEST:
                    hit = Hit(found=proposal.text, type=proposal.type)
                    yield Found(proposal.start + start, proposal.end + start, hit)

    def _strange(self, text: str, fields: frozenset[str]) -> Iterator[tuple[int, str]]:
        """The parts of a text around words that are neither the report's own nor in a field, with their places."""
        start = end = 0
        for word in words_of(text).words:
            if self._says_itself((word.folded,), fields):
                continue
            if word.start > end + _AROUND and end:
                yield start, text[start:end]
                end = 0
            if not end:
                start = _at_space(text, max(0, word.start - _AROUND), -1)
            end = _at_space(text, min(len(text), word.end + _AROUND), 1)
        if end:
            yield start, text[start:end]

    def _says_itself(self, words: Iterable[str], fields: frozenset[str]) -> bool:
        return all(
            word in self._in_files
            or word in fields
            or word in WEEKDAYS
            or (word.isdecimal() and len(word) <= _SHORT_NUMBER)
            for word in words
        )


def _at_space(text: str, place: int, step: int) -> int:
    """The nearest place from here, forwards or backwards, that parts no word."""
    while 0 < place < len(text) and not text[place - (step < 0)].isspace():
        place += step
    return place


def _whole(text: str) -> Iterator[tuple[Proposal, frozenset[str]]]:
    """The proposals of a text, each over whole words, with those folded: a mark that does not show ends no word."""
    words = words_of(text).words
    ends = [word.end for word in words]
    for proposal in propose(text):
        start, end, held = proposal.start, proposal.end, []
        for word in words[bisect_right(ends, proposal.start) :]:
            if word.start >= proposal.end:
                break
            start, end = min(start, word.start), max(end, word.end)
            held.append(word.folded)
        yield Proposal(text=text[start:end], type=proposal.type, start=start, end=end), frozenset(held)


def scan(scanner: Scanner, fields: Sequence[FieldText], files: Sequence[FileText]) -> tuple[Hit, ...]:
    """Every hit, in the order of its first place: in the fields, named by their places, and then what the files hold
    beside. A hit that no client's dictionary knows is of the client on whose page it stands first."""
    gathered: dict[tuple[str, str, bool], Hit] = {}
    first = next((text.client for text in fields if text.client), "")
    for text in fields:
        for one in scanner.in_field(text):
            _gather(gathered, one, text.where, first)
    held = frozenset(word.folded for text in fields for word in words_of(text.text).words)
    for file in files:
        for one in scanner.in_file(file, held):
            _gather(gathered, one, file.name, first)
    return tuple(gathered.values())


def _gather(gathered: dict[tuple[str, str, bool], Hit], one: Found, where: str, first: str) -> None:
    key = (one.hit.client or first, spelling(one.hit.found), is_small(one.hit.found))
    before = gathered.get(key, one.hit)
    places = tuple(dict.fromkeys((*before.where, where)))
    gathered[key] = before.model_copy(update={"where": places, "client": key[0]})

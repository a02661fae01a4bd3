"""Answers to the use of AI: what was asked, what was answered, by whom, for whom, in what capacity and on which day.

What always holds: of each person whose work it is, the answer that was recorded last stands; but an agreement that was
given before the refusal it would follow brings nothing back. The file agrees when every one of them does. Whether
somebody under 18 can agree is the therapist's to judge: it is only required that they wrote down who agreed as what.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from notekeeper.domain.client_file import Work
from notekeeper.domain.people import PersonOnFile
from notekeeper.domain.text import Frozen

# Fewer than this, and somebody of a couple, family or group has not been entered yet.
LEAST_TOGETHER = 2


class Purpose(StrEnum):
    DRAFTING = "drafting"
    PATTERNS = "patterns"
    SUPERVISION = "supervision"

    @property
    def words(self) -> str:
        """As it stands in a sentence."""
        return {"drafting": "AI drafting", "patterns": "AI patterns"}.get(self.value, "supervision reports")


class Answer(StrEnum):
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class GivenAs(StrEnum):
    """In what capacity somebody gave an answer: for themselves, or for somebody else."""

    SELF = "self"
    PARENT = "parent"
    GUARDIAN = "guardian"
    ATTORNEY = "attorney"
    DEPUTY = "deputy"


class Agreement(Frozen):
    """One answer to one purpose. The newest answer stands; earlier ones are kept."""

    client_id: str
    purpose: Purpose
    answer: Answer
    how: str
    given_by: str
    wording_version: str
    at: datetime


class AgreementDetail(Frozen):
    """More of an answer. `person` is whose answer it is, `giver` who gave it: ids of persons of the file, '' for the
    client of individual work and for somebody who is not entered. `capacity` is None when none was stated, and nobody
    states one for the therapist. `day` is when it was given."""

    person: str = ""
    giver: str = ""
    capacity: GivenAs | None = None
    day: date


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as kept, with its id; `detail` is None for one kept before there were details."""

    id: str
    agreement: Agreement
    detail: AgreementDetail | None = None

    @property
    def person(self) -> str:
        """Whose answer it is; '' for the client of individual work, or the file as a whole."""
        return self.detail.person if self.detail else ""

    @property
    def day(self) -> date:
        """When it was given, in the therapist's own calendar."""
        return self.detail.day if self.detail else self.agreement.at.astimezone().date()

    @property
    def capacity(self) -> GivenAs | None:
        """As stated, or as an answer without details said it for anybody but the client."""
        if self.detail:
            return self.detail.capacity
        return GivenAs(self.agreement.given_by) if self.agreement.given_by in set(GivenAs) else None


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody whose own answer is needed. `id` and `number` are those of a person of the file, '' and 0 for the client
    of individual work."""

    id: str
    number: int
    label: str
    under_18: bool

    @property
    def called(self) -> str:
        """Without the label, which could hold a name."""
        return f"P{self.number} of this file" if self.number else "This client"


class Lack(StrEnum):
    """Why somebody does not agree now; its value says so after "This client" or "P2 of this file"."""

    NOT_ASKED = "has not been asked about"
    DECLINED = "has declined"
    WITHDRAWN = "has withdrawn"
    CAPACITY = "is under 18, and it is not recorded in what capacity somebody agreed to"
    OF_AGE = "is not entered as under 18, and a parent agreed to"


@dataclass(frozen=True, slots=True)
class Standing:
    """How one party stands: the answer that counts, and what is lacking; None when they agree now."""

    party: Party
    given: Given | None
    lack: Lack | None


def parties(work: Work, people: Sequence[PersonOnFile], *, under_18: bool) -> tuple[Party, ...]:
    """Everybody whose own answer is needed: each person who is or was a client of the file, for earlier notes are about
    them too; the client alone when nobody is entered for individual work. `under_18` is the front sheet's, which is
    about the client of individual work. Empty while a couple, family or group has fewer than two."""
    young = under_18 and work is Work.INDIVIDUAL
    found = tuple(Party(each.id, each.number, each.label, each.under_18 or young) for each in people if each.is_client)
    if work is Work.INDIVIDUAL:
        return found or (Party("", 0, "The client", under_18),)
    return found if len(found) >= LEAST_TOGETHER else ()


def standings_of(purpose: Purpose, of: Sequence[Party], answers: Sequence[Given]) -> tuple[Standing, ...]:
    """How each party stands to a purpose, from the file's answers in the order recorded. A refusal for the file as a
    whole is everybody's."""
    asked = [each for each in answers if each.agreement.purpose is purpose]
    return tuple(_standing(party, asked) for party in of)


def agrees(standings: Sequence[Standing]) -> bool:
    """Whether everybody agrees now. Nobody is not everybody."""
    return bool(standings) and all(each.lack is None for each in standings)


def lacking_words(purpose: Purpose, standings: Sequence[Standing]) -> str:
    """Why the file does not agree, without a stop at its end: "This client has declined AI drafting". Only where
    `agrees` is false."""
    if not standings:
        return "A couple, family or group needs an answer of its own from each person, and fewer than two are entered"
    return "; ".join(f"{each.party.called} {each.lack.value} {purpose.words}" for each in standings if each.lack)


def _standing(party: Party, asked: Sequence[Given]) -> Standing:
    stands: Given | None = None
    for each in asked:
        agreed = each.agreement.answer is Answer.AGREED
        if each.person != party.id and (agreed or each.person):
            continue
        refused = stands is not None and stands.agreement.answer is not Answer.AGREED
        if stands is None or not (agreed and refused and each.day < stands.day):
            stands = each
    return Standing(party, stands, _lack(party, stands))


def _lack(party: Party, stands: Given | None) -> Lack | None:
    if stands is None:
        return Lack.NOT_ASKED
    if stands.agreement.answer is not Answer.AGREED:
        return Lack.DECLINED if stands.agreement.answer is Answer.DECLINED else Lack.WITHDRAWN
    if party.under_18:
        return Lack.CAPACITY if stands.capacity is None else None
    return Lack.OF_AGE if stands.capacity is GivenAs.PARENT else None

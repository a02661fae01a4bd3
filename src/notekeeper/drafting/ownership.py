"""Whose it is: "his mother's drinking" is not the client's, and "anxious about her mother" is not the mother's.

What always holds: only words of feeling, conduct, diagnosis or risk are looked at, since a funeral or a house may be
anybody's; a person is known by kinship or role, never by name; where no other person is the subject, the words are the
client's. Judged from the order of words alone, so that a "he" whose person stands a sentence before is not followed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from notekeeper.drafting.denials import Clause, clauses
from notekeeper.drafting.wordlists import WordLists, singular
from notekeeper.drafting.words import stem, words

OWNED = "Its sentences say so of somebody else, whom it leaves out."
GIVEN = "It says of somebody else what its sentences do not say of them."

_SAME = (
    "mother mum mummy mom mam mama stepmother stepmum|father dad daddy pa stepfather stepdad|sister stepsister|"
    "brother stepbrother|son stepson|daughter stepdaughter|child children kid toddler baby teenager|wife|husband|"
    "partner boyfriend girlfriend fiance fiancé fiancée spouse|ex|grandmother gran granny nan nana grandma|"
    "grandfather grandad granddad grandpa|aunt auntie|uncle|cousin|niece|nephew|friend mate|flatmate housemate "
    "roommate lodger|neighbour neighbor|boss manager supervisor|colleague coworker|teacher tutor|sibling|parent|"
    "landlord|ex-husband|stranger|twin|family"
)
_PERSONS = {word: group.split()[0] for group in _SAME.split("|") for word in group.split()}
_WIDER = {
    "parent": {"mother", "father"},
    "sibling": {"sister", "brother", "twin"},
    "child": {"son", "daughter"},
    "partner": {"husband", "wife", "ex"},
}
_ANYBODY = frozenset("family relative relation others somebody someone else everyone".split())
_APART = re.compile(r"\b(?:may|and|with|to|for|or|before|linked|connected)\b|[,;]")
"""Where one label ends and the next begins within a focus or an idea."""
_BETWEEN = frozenset(
    "in law laws also still often always never now then just really probably already recently usually sometimes again "
    "both all himself herself themselves once even only finally suddenly".split()
)
_HELPERS = frozenset(
    "is are was were be been being has have had having does do did will would can could may might should must gets get "
    "got isn't wasn't aren't weren't hasn't hadn't doesn't didn't won't wouldn't can't couldn't".split()
)
_PAST = frozenset(
    "drank left went came told said took lost hit threw swore stole lied fell felt kept began became broke brought cut "
    "died drove found forgot gave hid hurt knew let made met put rang read ran saw sent sat shut slept spoke spent "
    "stood thought wept withdrew won wrote bet beat bit blew fought held paid quit shot".split()
)
_CLIENT = frozenset("client ct cl pt patient she he i they we".split())
_BEFORE_SUBJECT = frozenset(
    "and but so because that as when while if though although since until after before or".split()
)
_NO_VERBS = frozenset("as this his hers its yes us always perhaps sometimes days nights weeks mondays towards".split())


@dataclass
class Owners:
    """The stems that are said of the client, and those said of each other person."""

    client: set[str] = field(default_factory=set)
    others: dict[str, set[str]] = field(default_factory=dict)


def changes_owner(text: str, evidence: Sequence[str], lists: WordLists) -> str | None:
    """`OWNED` where the text leaves out whose it is, `GIVEN` where it gives to another what is not theirs, or None."""
    personal = lists.personal()
    told, held = owners(_APART.split(text)), owners(evidence)
    named = persons(text)
    for person, given in told.others.items():
        whose = held.others if person == "family" else (person, *_WIDER.get(person, ()))
        theirs = set[str]().union(*(held.others.get(other, set()) for other in whose))
        if any(not _forms(word, lists.feelings) & theirs for word in given & personal):
            return GIVEN
    being = "being" in {word.casefold() for word in words(text)}
    for word in told.client & personal:
        forms = _forms(word, lists.feelings)
        owning = {person for person, theirs in held.others.items() if forms & theirs}
        if owning and not forms & held.client and not being and not _covered(owning, named):
            return OWNED
    return None


def owners(pieces: Iterable[str]) -> Owners:
    """Who each word of the pieces is said of, by stem."""
    found = Owners()
    for piece in pieces:
        last: str | None = None
        for clause in clauses(piece):
            last = _clause(clause, last, found)
    return found


def persons(text: str) -> frozenset[str]:
    """The persons named in the text by kinship or role, and "anybody" where it says somebody, others, family."""
    plain = {singular(word) for word in words(text)}
    return frozenset(_PERSONS[word] for word in plain & _PERSONS.keys()) | ({"anybody"} if plain & _ANYBODY else set())


def _clause(clause: Clause, carried: str | None, found: Owners) -> str | None:
    """Give each word of the clause to its owner; the person whom a "who" after the clause would take up."""
    spoken = clause.words
    owner = carried if spoken[0].casefold() in {"who", "whose"} else None
    for at, word in enumerate(spoken):
        person = _PERSONS.get(singular(word))
        if person is not None:
            owner = person if _is_subject(spoken, at) else owner
            continue
        if owner is not None and _is_client_again(spoken, at):
            owner = None
        (found.client if owner is None else found.others.setdefault(owner, set())).add(stem(word))
    return _PERSONS.get(singular(spoken[-1])) or owner


def _is_subject(spoken: Sequence[str], at: int) -> bool:
    """Whether the person at this place owns or does what follows: "mother's …", "mother drank", "mother drinking"."""
    if spoken[at].casefold().replace("’", "'").endswith("'s"):
        return True
    following = [word.casefold().replace("’", "'") for word in spoken[at + 1 :]]
    while following and following[0] in _BETWEEN:
        following.pop(0)
    if following and following[0] == "who":
        return True
    return bool(following) and _verb(following[0])


def _verb(word: str) -> bool:
    if word in _HELPERS or word in _PAST:
        return True
    return (
        len(word) > 3
        and word not in _NO_VERBS
        and (word.endswith(("ed", "ing")) or (word[-1] == "s" and word[-2] not in "s'"))
    )


def _is_client_again(spoken: Sequence[str], at: int) -> bool:
    return at > 0 and spoken[at].casefold() in _CLIENT and spoken[at - 1].casefold() in _BEFORE_SUBJECT


def _forms(word: str, feelings: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return feelings.get(word, frozenset({word}))


def _covered(owning: set[str], named: frozenset[str]) -> bool:
    """Whether one whose it is, or a wider word for them, is named."""
    return bool(owning & named) or "anybody" in named or any(owning & _WIDER.get(name, set()) for name in named)

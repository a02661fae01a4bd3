"""What the machine of test_machine remembers of every file and note, and the port to the models that it watches.

Every word that could be looked for later is one of its own, "zq…x", so that a text, a label or a page tells which note
and which item it is from. What always holds: nothing here reads the vault; it is what ought to be there.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event

from notekeeper.domain.agreement import LEAST_TOGETHER, Answer
from notekeeper.domain.consent import DraftPermit, Purpose
from notekeeper.domain.draft import Draft, Focus, Idea, Provenance, ReadAccount, Reflection, Theme, Withheld
from notekeeper.domain.engine import OnProgress, Vectors, Worded, WordingRequest
from notekeeper.domain.note import Client, Note
from notekeeper.domain.review import Choice, Destination
from notekeeper.domain.text import Evidence
from tests.unit.fakes import ScriptedWording, TopicEncoder

ITEMS = {"F": "focus", "T1": "theme", "R1": "ask", "I1": "idea"}
_WORD = re.compile(r"zq[a-z]+[0-9]+x")


def words_in(text: str) -> set[str]:
    """Which of the machine's own words a text holds."""
    return set(_WORD.findall(text))


@dataclass
class File:
    """One client's file. `persons` are the ids of those whose answers are needed, '' for the client of individual work;
    `answers` are the newest of each; `permit` is one that was given at some time."""

    client: Client
    persons: list[str] = field(default_factory=lambda: [""])
    answers: dict[tuple[Purpose, str], Answer] = field(default_factory=dict)
    permit: DraftPermit | None = None

    def too_few(self) -> bool:
        """Whether somebody of a couple has still to be entered."""
        return self.persons != [""] and len(self.persons) < LEAST_TOGETHER

    def agrees(self, purpose: Purpose) -> bool:
        """Whether everybody whose answer is needed agrees now."""
        return not self.too_few() and all(
            self.answers.get((purpose, person)) is Answer.AGREED for person in self.persons
        )


@dataclass
class Drafted:
    """A draft that awaits review: its number, the revision it was made from, and what was decided, item by item.
    `mine` are the therapist's wordings of edited items."""

    number: int
    revision: int
    decided: dict[str, tuple[Choice, Destination]] = field(default_factory=dict)
    mine: dict[str, str] = field(default_factory=dict)

    def word(self, item: str) -> str:
        """The model's own word in this item."""
        return f"zq{ITEMS[item]}{self.number}x"

    def kept(self) -> dict[str, tuple[str, Destination]]:
        """By item: the word that a signature would keep, and where it goes."""
        return {
            item: (self.mine.get(item, self.word(item)), where)
            for item, (choice, where) in self.decided.items()
            if choice is not Choice.REJECTED
        }

    def words(self) -> set[str]:
        """Everything in it: its items, what was withheld, edited wordings."""
        return {*map(self.word, ITEMS), f"zqheld{self.number}x", *self.mine.values()}


@dataclass
class Entry:
    """One note. `revision` is 0 while nothing is saved; `earlier` are words of texts that newer ones replaced,
    `beneath` those of addenda; `risks` is what a report with risk may say of it, `stood` what the signature kept."""

    file: File
    note: Note
    text: str = ""
    revision: int = 0
    typed: str | None = None
    draft: Drafted | None = None
    own: tuple[str, str] | None = None
    risk: str | None = None
    signed: str | None = None
    earlier: set[str] = field(default_factory=set)
    beneath: set[str] = field(default_factory=set)
    stood: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)
    questions: set[str] = field(default_factory=set)
    risks: set[str] = field(default_factory=set)

    def current(self) -> Drafted | None:
        """The draft that is reviewed: the one of the newest saved text."""
        return self.draft if self.draft and self.draft.revision == self.revision else None

    def ready(self) -> bool:
        """Whether a signature is possible now."""
        current = self.current()
        kept = set(current.kept()) if current else set()
        complete = self.own is not None or {"F", "T1"} <= kept
        decided = current is None or len(current.decided) == len(ITEMS)
        saved = self.revision > 0 and self.typed in (None, self.text)
        return self.signed is None and saved and decided and complete and self.risk is not None

    def kept(self) -> dict[str, Destination]:
        """Every word that a signature would keep now, and where it goes."""
        found = dict.fromkeys(self.own or (), Destination.RECORD)
        current = self.current()
        return found | dict(current.kept().values() if current else ())


def draft_of(text: str, number: int) -> Draft:
    """An invented draft with one item of each kind, each with a word of its own."""
    evidence = (Evidence(start=0, end=len(text), text=text),)
    return Draft(
        focus=Focus(text=f"zqfocus{number}x in the week", evidence=evidence),
        themes=(Theme(label=f"zqtheme{number}x at home", code="loss", support=0.75, evidence=evidence),),
        reflections=(Reflection(question=f"What of zqask{number}x", evidence=evidence),),
        ideas=(Idea(hypothesis=f"Perhaps zqidea{number}x", evidence=evidence),),
        withheld=(Withheld(kind="theme", text=f"zqheld{number}x", reason="not_in_evidence"),),
        read=ReadAccount(sentences=1, windows=1, encoder=(1,), model=(1,)),
        provenance=Provenance(app_version="0.1.0", model="tiny", model_sha256="ab" * 32),
    )


@dataclass
class WatchedEncoder(TopicEncoder):
    """The encoder's side of the port: shows each text that arrives to `watch`, and then answers."""

    watch: Callable[[str], None] = lambda _: None

    def encode(
        self, texts: Sequence[str], on_progress: OnProgress | None = None, cancel: Event | None = None
    ) -> Vectors:
        for text in texts:
            self.watch(text)
        return super().encode(texts, on_progress, cancel)


@dataclass
class WatchedWording(ScriptedWording):
    """The language model's side of the port."""

    watch: Callable[[str], None] = lambda _: None

    def word(
        self, request: WordingRequest, on_progress: OnProgress | None = None, cancel: Event | None = None
    ) -> Worded:
        for turn in (*request.prefix, *request.turns):
            self.watch(turn.text)
        return super().word(request, on_progress, cancel)

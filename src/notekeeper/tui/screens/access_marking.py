"""Marking passages of the notes for an access request: sentences, or a whole note, by one of two tests.

What always holds: a mark is made of sentences as they stand in the newest saved text; nothing is marked before a reason
was given; a reason typed and not used is kept in the vault.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from notekeeper.domain.access import MAX_WORDS, WithholdTest
from notekeeper.domain.note import Client, Note, NotePart, Revision
from notekeeper.domain.text import Sentence
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotekeeperError
from notekeeper.services import access as requests
from notekeeper.services import passages
from notekeeper.services.access_log import note_opened
from notekeeper.services.caseload import kind_words, own_day
from notekeeper.services.own_view import numbered
from notekeeper.tui.base import Box, Page, Telling, plain
from notekeeper.tui.marking import NoteToMark
from notekeeper.tui.widgets import ShortText


@dataclass(frozen=True, slots=True)
class Reasoned:
    """What a mark needs besides its place."""

    test: WithholdTest
    reason: str
    opinion: requests.Opinion | None


class MarkPage(Page):
    """The notes of `client`, one text at a time, with sentences to mark for `request`."""

    TITLE = "Mark passages"
    HELP = """
The newest saved text of each note, record and process notes, one at a time: n is the next, b the one before. Space
marks the sentence at ▸, and takes its mark away. t withholds the marked sentences as about a third party, h by the
serious-harm test, which needs whose opinion it rests on; w withholds the whole note. Each asks for your reason.
Sentences that stand together become one passage. What is marked is taken out wherever the same words stand in the file.
f asks for words that stand elsewhere: in an addendum, an earlier text, the front sheet, the identity, anything held.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "withhold('third_party')", "3rd", id="access.third_party"),
        Binding("h", "withhold('serious_harm')", "Harm", id="access.serious_harm"),
        Binding("w", "whole", "Whole", id="access.whole"),
        Binding("f", "words", "Words", id="access.words"),
        Binding("n", "turn(1)", "Next", id="access.next"),
        Binding("b", "turn(-1)", "Text before", show=False, id="access.before"),
    ]
    DEFAULT_CSS = """
    MarkPage #access-standing { height: auto; max-height: 4; }
    MarkPage NoteToMark { height: 1fr; }
    """

    def __init__(self, client: Client, request: requests.Request) -> None:
        super().__init__()
        self.client, self._request = client, request
        self._texts: list[tuple[Note, Revision, list[Sentence]]] = []
        self._at = 0
        self._found: requests.Where | None = None

    def body(self) -> ComposeResult:
        yield Static(id="access-standing", markup=False)
        yield NoteToMark(id="access-text")

    def on_mount(self) -> None:
        try:
            for note in self.vault.notes.of_client(self.client.id):
                for part in NotePart:
                    text = self.vault.notes.latest(note.id, part)
                    if text is not None and (sentences := numbered(text.text)):
                        self._texts.append((note, text, sentences))
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
        if not self._texts:
            self.banner(f"{self.client.code} · Mark passages: there is no saved text")
            self.tell("f marks words that stand elsewhere in the file.")
            return
        self._show()
        self.query_one(NoteToMark).focus()

    def _show(self) -> None:
        note, text, sentences = self._texts[self._at]
        note_opened(self.vault, note)
        part = "process notes" if text.part is NotePart.PROCESS else "record"
        self.banner(
            f"{self.client.code}/{note.number} · {part} · {kind_words(note.kind)} · {note.date:%d %b %Y} · "
            f"text {self._at + 1} of {len(self._texts)}"
        )
        shown = self.query_one(NoteToMark)
        shown.show(text.text)
        shown.begin(sentences, ())
        standing = [each for each in requests.marks_of(self.vault, self._request) if each.body.note_id == note.id]
        said = "; ".join(f"{each.number}: {_standing(each, text, sentences)}" for each in standing)
        self.query_one("#access-standing", Static).update(
            plain(f"Marked in this note: {said}" if said else "Nothing is marked in this note. Space marks a sentence.")
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to mark where there is no text."""
        if action in ("withhold", "whole", "turn"):
            return bool(self._texts)
        return super().check_action(action, parameters)

    def action_turn(self, by: int) -> None:
        self._at = (self._at + by) % len(self._texts)
        self._show()

    def action_withhold(self, test: str) -> None:
        """The marked sentences, by this test."""
        count = len(self.query_one(NoteToMark).marked)
        if not count:
            self.tell("Space marks the sentence at ▸; then t or h withholds what is marked.", trouble=True)
            return
        self._found = None
        about = f"{count} sentence(s)"
        self.app.push_screen(ReasonBox(self.vault, self.client, WithholdTest(test), about), self._reasoned)

    def action_whole(self) -> None:
        """The whole note; the box asks by which test."""
        self._ask_about(passages.whole_note(self._texts[self._at][0]), "the whole note")

    def action_words(self) -> None:
        """Words that stand elsewhere; then the box asks by which test."""
        from notekeeper.tui.screens.access_words import WordsBox

        self.app.push_screen(WordsBox(self.vault, self.client), self._worded)

    def _worded(self, where: requests.Where | None) -> None:
        if where is not None:
            self._ask_about(where, "these words, wherever they stand")

    def _ask_about(self, where: requests.Where, about: str) -> None:
        self._found = where
        self.app.push_screen(ReasonBox(self.vault, self.client, WithholdTest.THIRD_PARTY, about), self._reasoned)

    def _reasoned(self, given: Reasoned | None) -> None:
        if given is None:
            return
        try:
            places = [self._found] if self._found else self._marked_places()
            with self.vault.transaction():
                for place in places:
                    requests.mark(
                        self.vault,
                        self._request,
                        place,
                        given.test,
                        given.reason,
                        opinion=given.opinion,
                        today=own_day(),
                    )
                self.vault.jottings.keep(_typing(self.client), self.client.id, "")
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        if self._texts:
            self._show()
        whole = self._found is not None and "whole_note" in self._found
        self.tell(f"Marked: {'the whole note' if whole else f'{len(places)} passage(s)'}, {given.test.words}.")

    def _marked_places(self) -> list[requests.Where]:
        """Where each run of marked sentences lies."""
        note, text, sentences = self._texts[self._at]
        marked = [sentences[number - 1] for number in self.query_one(NoteToMark).marked]
        return [
            passages.by_span(self.vault, note, text.part, start, end, revision=text.number)
            for start, end in _runs(marked)
        ]

    def on_note_to_mark_kept(self) -> None:
        """Enter: which key does what."""
        self.tell("t withholds the marked sentences as third party, h by the serious-harm test.")


class ReasonBox(Box[Reasoned]):
    """Asks for the reason, and for the opinion that the serious-harm test rests on; F2 changes the test."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+s", "give", "Withhold", id="access.give", key_display="F5"),
        Binding("f2", "other", "Other test", id="access.other_test"),
    ]
    CSS = """
    ReasonBox .box { padding: 0 1; }
    ReasonBox Input { margin: 0; }
    ReasonBox ShortText { height: 6; }
    """

    def __init__(self, vault: Vault, client: Client, test: WithholdTest, about: str) -> None:
        super().__init__()
        self._vault, self._client, self._test, self._about = vault, client, test, about
        self._kept: tuple[str, str, str] = ("", "", "")

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(id="reason-test", classes="label", markup=False)
            yield ShortText(most=MAX_WORDS, title="Reason, in your words; the client's copy does not show it")
            for name, title in (
                ("by", "Opinion from (appropriate health professional): name or role"),
                ("on", "Date of the opinion, YYYY-MM-DD"),
            ):
                field = Input(max_length=300, select_on_focus=False, id=f"opinion-{name}")
                field.border_title = title
                yield field
            yield Telling()
            yield Static(plain("F5 withholds · F2 changes the test · Esc goes back"), classes="hint", markup=False)

    def on_mount(self) -> None:
        by, on, reason = (*self._vault.jottings.of(_typing(self._client)).split("\n", 2), "", "", "")[:3]
        self.query_one("#opinion-by", Input).value = by
        self.query_one("#opinion-on", Input).value = on
        self.query_one(ShortText).text = reason
        self._kept = (by, on, reason)
        self._show()
        self.query_one(ShortText).focus()

    def _show(self) -> None:
        self.query_one("#reason-test", Static).update(plain(f"Withhold {self._about}. {self._test.words}"))
        for name in ("by", "on"):
            self.query_one(f"#opinion-{name}").display = self._test is WithholdTest.SERIOUS_HARM

    def action_other(self) -> None:
        """The other of the two tests."""
        third = self._test is WithholdTest.THIRD_PARTY
        self._test = WithholdTest.SERIOUS_HARM if third else WithholdTest.THIRD_PARTY
        self._show()

    def _typed(self) -> tuple[str, str, str]:
        by, on = (self.query_one(f"#opinion-{name}", Input).value for name in ("by", "on"))
        return by, on, self.query_one(ShortText).text

    def keep(self) -> None:
        if self._typed() != self._kept:
            self._kept = self._typed()
            self._vault.jottings.keep(_typing(self._client), self._client.id, "\n".join(self._kept).rstrip("\n"))

    def action_give(self) -> None:
        by, on, reason = self._typed()
        harm = self._test is WithholdTest.SERIOUS_HARM
        try:
            self.keep()
            requests.check_reason(self._test, reason, by, on)
            opinion = requests.Opinion(by, requests.read_day(on, own_day())) if harm else None
        except NotekeeperError as error:
            self.query_one(Telling).tell(str(error), trouble=True)
            return
        self.dismiss(Reasoned(self._test, reason, opinion))

    def action_leave(self) -> None:
        try:
            self.keep()
        except NotekeeperError as error:
            self.query_one(Telling).tell(str(error), trouble=True)
            return
        self.dismiss(None)


def _typing(client: Client) -> str:
    return f"{client.id}.{requests.REASON_TYPED}"


def _runs(sentences: list[Sentence]) -> list[tuple[int, int]]:
    """Where each run of sentences that follow one another begins and ends."""
    breaks = [0, *(at for at, (a, b) in enumerate(pairwise(sentences), 1) if b.number != a.number + 1), len(sentences)]
    return [(sentences[a].start, sentences[b - 1].end) for a, b in pairwise(breaks)]


def _standing(mark: requests.Mark, text: Revision, sentences: list[Sentence]) -> str:
    """Where a mark of the note lies: by the numbers of sentences where it is in the text that is shown."""
    body = mark.body
    if body.whole_note:
        return "the whole note"
    if body.start is None or body.end is None or (body.part, body.revision) != (text.part, text.number):
        return requests.place_words(body).partition(", ")[2]
    numbers = [str(each.number) for each in sentences if each.start < body.end and each.end > body.start]
    return f"sentence {', '.join(numbers)}"

"""Whatever a therapist does with supervision in whatever order: nothing is lost and nothing is there twice.

Flags, approved reports, files of comments and what becomes of agreed actions, on a real vault, beside notes that move
to another file and clients who are erased. After every step what the vault gives is held against what is remembered.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from notekeeper.domain.comments import CommentsFile
from notekeeper.domain.entry import EntryKind
from notekeeper.domain.note import Client, Note
from notekeeper.domain.supervision import Flaggable
from notekeeper.errors import UsageError
from notekeeper.services.caseload import own_day
from notekeeper.services.misfiled import move_note
from notekeeper.services.supervision import DiscussedItem, discussed
from notekeeper.services.supervision_actions import make_follow_up, settle_action
from notekeeper.services.supervision_comments import take_comments
from notekeeper.services.supervision_flags import Flagged, Target, add_flag, end_flag, flags_of
from notekeeper.services.supervision_outcome import make_outcome
from tests.forms import many
from tests.supervised import approve, comments_on
from tests.vault.invented import Sealed, add_client, add_note

picked = st.integers(0, 11)
LATE = timedelta(days=3000)
REFS = ("", "/risk", "/question", "/theme/1", "/theme/2", "/pattern/1", "/part/1", "/question/1", "/course")


@dataclass
class RememberedFlag:
    why: str
    notes: tuple[str, ...]
    number: int
    end: str = "open"


@dataclass
class RememberedReport:
    name: str
    client: Client
    notes: tuple[str, ...]


@dataclass
class RememberedComment:
    report: RememberedReport
    text: str
    action: bool
    discussed: bool
    became: str = ""


@dataclass
class RememberedFile:
    client: Client
    notes: list[Note] = field(default_factory=list)
    flags: list[RememberedFlag] = field(default_factory=list)


class SupervisionMachine(RuleBasedStateMachine):
    def __init__(self, first: Sealed, folder: Path) -> None:
        super().__init__()
        shutil.copytree(first.path, folder / "practice.vault")
        self.states = mock.patch.dict(os.environ, {"NOTEKEEPER_STATE": str(folder / "state")})
        self.states.start()
        self.vault = Sealed(folder / "practice.vault", first.recovery_key).open()
        self.files: list[RememberedFile] = []
        self.reports: list[RememberedReport] = []
        self.comments: list[RememberedComment] = []
        self.taken: list[CommentsFile] = []
        self.follow_ups = 0
        self.outcomes = 0
        self.counted = 0

    def word(self) -> str:
        self.counted += 1
        return f"zq{self.counted}x"

    def file(self, place: int) -> RememberedFile:
        return self.files[place % len(self.files)]

    def refused(self, act: Callable[[], object]) -> None:
        before = self.vault.log.head()
        with pytest.raises(UsageError):
            act()
        assert self.vault.log.head() == before

    @initialize()
    def begin(self) -> None:
        for _ in range(2):
            self.add_client()
            self.add_note(len(self.files) - 1)

    @precondition(lambda self: len(self.files) < 3)
    @rule()
    def add_client(self) -> None:
        self.counted += 1
        self.files.append(RememberedFile(add_client(self.vault, f"C{self.counted:03}")))

    @precondition(lambda self: self.files and sum(len(each.notes) for each in self.files) < 6)
    @rule(place=picked)
    def add_note(self, place: int) -> None:
        file = self.file(place)
        file.notes.append(add_note(self.vault, file.client, f"Held {self.word()}."))

    @precondition(lambda self: self.files)
    @rule(place=picked, which=picked, whole=st.booleans())
    def flag(self, place: int, which: int, whole: bool) -> None:
        file = self.file(place)
        why, notes = self.word(), tuple[str, ...]()
        if whole or not file.notes:
            target = Target("file", Flaggable.FILE, "")
        else:
            note = file.notes[which % len(file.notes)]
            notes = (note.id,)
            target = Target("note", Flaggable.NOTE, f"note {note.number}", note.id, notes)
        if any(each.end == "open" and each.notes == notes for each in file.flags):
            self.refused(lambda: add_flag(self.vault, file.client, target, why))
            return
        number = add_flag(self.vault, file.client, target, why).number
        file.flags.append(RememberedFlag(why, notes, number))

    @precondition(lambda self: any(each.flags for each in self.files))
    @rule(place=picked, which=picked, is_discussed=st.booleans())
    def end(self, place: int, which: int, is_discussed: bool) -> None:
        files = [each for each in self.files if each.flags]
        file = files[place % len(files)]
        flag = file.flags[which % len(file.flags)]
        day = own_day() + LATE

        def act() -> object:
            return end_flag(self.vault, file.client, flag.number, day, discussed=is_discussed)

        if flag.end != "open":
            self.refused(act)
            return
        act()
        flag.end = "discussed" if is_discussed else "taken back"

    @precondition(lambda self: self.files and len(self.reports) < 6)
    @rule(both=st.booleans(), place=picked, which=st.sets(picked, max_size=3))
    def approve(self, both: bool, place: int, which: set[int]) -> None:
        """A report of one client, or of all, resting on some of their notes."""
        name = f"report {self.word()}"
        for file in self.files if both else [self.file(place)]:
            notes = [file.notes[each % len(file.notes)] for each in which] if file.notes else []
            notes = list({note.id: note for note in notes}.values())
            approve(self.vault, file.client, notes, name)
            self.reports.append(RememberedReport(name, file.client, tuple(note.id for note in notes)))

    @precondition(lambda self: self.reports)
    @rule(
        place=picked,
        said=st.lists(st.tuples(picked, picked, st.booleans()), max_size=3),
        again=st.booleans(),
        held=st.booleans(),
    )
    def take(self, place: int, said: list[tuple[int, int, bool]], again: bool, held: bool) -> None:
        """A file of new comments on a report, and with `again` of those that came before as well."""
        name = self.reports[place % len(self.reports)].name
        parts = [each for each in self.reports if each.name == name]
        fresh: list[tuple[RememberedReport, str, str, bool]] = []
        for which, ref, action in said:
            part = parts[which % len(parts)]
            fresh.append((part, f"{part.client.code}{REFS[ref % len(REFS)]}", self.word(), action))
        earlier = {
            each.text: (each.ref, each.text, *((each.until,) if each.action else ()))
            for file in self.taken
            if again and file.report_sha256 == comments_on(name=name).report_sha256
            for each in file.comments
        }
        texts = [(ref, text, None) if action else (ref, text) for _, ref, text, action in fresh]
        file = comments_on(*earlier.values(), *texts, name=name, day=own_day() if held else None, minutes=None)
        here = {each.client.code for each in parts}
        known = {each.text: each.discussed for each in self.comments}
        fits = [each for each in file.comments if each.ref.partition("/")[0] in here]
        if not any(each.text not in known or (held and not known[each.text]) for each in fits):
            self.refused(lambda: take_comments(self.vault, file, own_day()))
            return
        take_comments(self.vault, file, own_day())
        self.taken.append(file)
        by_text = {each.text: each for each in self.comments}
        for each in fits:
            if each.text in by_text:
                by_text[each.text].discussed = by_text[each.text].discussed or held
                continue
            report = next(part for part in parts if part.client.code == each.ref.partition("/")[0])
            self.comments.append(RememberedComment(report, each.text, each.action, held))
        self.refused(lambda: take_comments(self.vault, file, own_day()))

    @precondition(lambda self: self.comments)
    @rule(place=picked, follow=st.booleans())
    def deal_with(self, place: int, follow: bool) -> None:
        remembered = self.comments[place % len(self.comments)]
        client = remembered.report.client
        (item,) = [each for each in discussed(self.vault, client) if each.comment.text == remembered.text]

        def act() -> None:
            if follow:
                make_follow_up(self.vault, client, item, own_day(), own_day())
            else:
                settle_action(self.vault, client, item, own_day())

        if not remembered.action or remembered.became:
            self.refused(act)
            return
        act()
        remembered.became = "follow-up" if follow else "settled"
        self.follow_ups += follow

    @precondition(lambda self: self.files)
    @rule(place=picked)
    def outcome(self, place: int) -> None:
        file = self.file(place)
        day = own_day()

        def act() -> Note:
            return make_outcome(self.vault, file.client, day, day)

        if any(note.kind.value == "supervision_outcome" for note in self.vault.notes.of_client(file.client.id)):
            self.refused(act)
            return
        note = act()
        for flag in file.flags:
            flag.end = "discussed" if flag.end == "open" else flag.end
        file.notes.append(note)

    @precondition(lambda self: len(self.files) > 1 and any(each.notes for each in self.files))
    @rule(place=picked, which=picked)
    def move(self, place: int, which: int) -> None:
        """A note leaves for another file; what rests on it goes."""
        files = [each for each in self.files if each.notes]
        file = files[place % len(files)]
        note = file.notes.pop(which % len(file.notes))
        to = next(each for each in self.files if each is not file)
        _, moved = move_note(self.vault, note, to.client.code)
        to.notes.append(moved)
        file.flags = [each for each in file.flags if note.id not in each.notes]
        gone = [each for each in self.reports if note.id in each.notes]
        self.reports = [each for each in self.reports if each not in gone]
        self.comments = [each for each in self.comments if each.report not in gone]

    @precondition(lambda self: len(self.files) > 2)
    @rule(place=picked)
    def erase(self, place: int) -> None:
        file = self.files.pop(place % len(self.files))
        self.follow_ups -= len(self.vault.follow_ups.of_client(file.client.id))
        self.vault.clients.erase(file.client.id)
        self.reports = [each for each in self.reports if each.client.id != file.client.id]
        self.comments = [each for each in self.comments if each.report.client.id != file.client.id]

    @invariant()
    def nothing_is_lost_and_nothing_is_there_twice(self) -> None:
        for file in self.files:
            flags = flags_of(self.vault, file.client)
            told = [(each.number, each.flag.why, _end(each)) for each in flags]
            assert told == [(each.number, each.why, each.end) for each in file.flags]
            items = discussed(self.vault, file.client)
            assert sorted((i.comment.text, i.comment.action, i.day is not None, _became(i)) for i in items) == sorted(
                (each.text, each.action, each.discussed, each.became)
                for each in self.comments
                if each.report.client.id == file.client.id
            )
        assert len(self.vault.follow_ups.of_client()) == self.follow_ups

    def teardown(self) -> None:
        kinds = (EntryKind.FLAG, EntryKind.FLAG_DONE, EntryKind.COMMENTS, EntryKind.ACTION, EntryKind.REPORT_APPROVED)
        here = {each.client.id for each in self.files}
        assert {each.client_id for each in self.vault.entries.of(None, *kinds)} <= here
        assert self.vault.verify().problems == ()
        self.vault.close()
        self.states.stop()


def _end(flag: Flagged) -> str:
    return "open" if flag.done is None else "discussed" if flag.done.discussed else "taken back"


def _became(item: DiscussedItem) -> str:
    return "" if item.became is None else "follow-up" if item.became.follow_up else "settled"


def test_nothing_is_lost_and_nothing_is_there_twice(first: Sealed, tmp_path_factory: pytest.TempPathFactory) -> None:
    class Machine(SupervisionMachine):
        def __init__(self) -> None:
            super().__init__(first, tmp_path_factory.mktemp("machine"))

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=many(12, 200),
            stateful_step_count=many(25, 50),
            deadline=None,
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        ),
    )

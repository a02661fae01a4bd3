"""Whatever a therapist does in whatever order: no theme that is not signed, and none of another file, reaches a
pattern; no sentence reaches a model unless patterns and drafting are both agreed to.

The vault and the services are the real ones; the two models are stand-ins that note down every text that reaches them.
Every word that could be looked for is one of its own.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
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

from notekeeper.domain.consent import Answer, Purpose
from notekeeper.domain.entry import EntryKind
from notekeeper.domain.note import Client, Note
from notekeeper.domain.pattern import PatternKind
from notekeeper.domain.pattern_work import DRAFT
from notekeeper.domain.review import conclude
from notekeeper.drafting.parts import WordingWay
from notekeeper.errors import AgreementMissingError, NotReadyError, UsageError
from notekeeper.services.client_patterns import patterns_of, signed_patterns
from notekeeper.services.client_patterns_review import (
    accept_pattern,
    add_own_pattern,
    edit_pattern,
    reject_pattern,
    sign_patterns,
)
from notekeeper.services.client_patterns_threads import merge_threads, rename_thread, split_thread, undo_edit
from notekeeper.services.client_patterns_wording import word_patterns
from notekeeper.services.consent import permit_to_word_patterns, record_agreement
from notekeeper.services.signing import set_signer
from notekeeper.vault import create
from tests.forms import many
from tests.security.remembered import WatchedEncoder, WatchedWording, words_in
from tests.unit.fakes import parts
from tests.vault.invented import AT, PASSPHRASE, SIGNER, Sealed, review_of
from tests.vault.patterned import write_session

picked = st.integers(0, 11)
CODES = ("sleep", "work_stress", None)
MOST_NOTES = 9


@dataclass
class File:
    client: Client
    answers: dict[Purpose, Answer] = field(default_factory=dict)

    def agrees(self, *purposes: Purpose) -> bool:
        return all(self.answers.get(purpose) is Answer.AGREED for purpose in purposes)


@dataclass
class Session:
    file: File
    note: Note
    words: set[str]
    signed: bool = False


class PatternsMachine(RuleBasedStateMachine):
    def __init__(self, first: Sealed, folder: Path) -> None:
        super().__init__()
        shutil.copytree(first.path, folder / "practice.vault")
        self.states = mock.patch.dict(os.environ, {"NOTEKEEPER_STATE": str(folder / "state")})
        self.states.start()
        self.sealed = Sealed(folder / "practice.vault", first.recovery_key)
        self.vault = self.sealed.open()
        set_signer(self.vault, "A. Invented")
        self.files = [File(self.vault.clients.add(code)) for code in ("C1", "C2")]
        self.sessions: list[Session] = []
        self.typed: dict[str, set[str]] = {each.client.id: set() for each in self.files}
        self.counted = 0
        self.unpermitted: list[str] = []
        self.reached = 0
        wording = WatchedWording(watch=self.arrives, answer=lambda request: request.turns[0].text.split(".")[0])
        self.parts = replace(parts(wording, WordingWay.WORDS), encoder=WatchedEncoder(watch=self.arrives))

    def arrives(self, text: str) -> None:
        self.reached += 1
        both = (Purpose.PATTERNS, Purpose.DRAFTING)
        for word in words_in(text):
            if not any(word in s.words and s.signed and s.file.agrees(*both) for s in self.sessions):
                self.unpermitted.append(word)

    def word(self, kind: str) -> str:
        self.counted += 1
        return f"zq{kind}{self.counted}x"

    def file(self, place: int) -> File:
        return self.files[place % len(self.files)]

    def allowed(self, file: File, act: Callable[[], object]) -> bool:
        """Do it, if patterns are agreed to; else it must be refused. What makes no sense is refused as well."""
        if not file.agrees(Purpose.PATTERNS):
            with pytest.raises(AgreementMissingError):
                act()
            return False
        try:
            act()
        except (UsageError, NotReadyError):
            return False
        return True

    @initialize(agreed=st.booleans(), count=st.integers(3, 5))
    def begin(self, agreed: bool, count: int) -> None:
        for place in range(len(self.files)):
            self.answer(place, Purpose.PATTERNS, Answer.AGREED)
            self.answer(place, Purpose.DRAFTING, Answer.AGREED if agreed else Answer.DECLINED)
        for _ in range(count):
            self.write(0, 0)
            self.sign(-1)

    @rule(place=picked, purpose=st.sampled_from([Purpose.PATTERNS, Purpose.DRAFTING]), answer=st.sampled_from(Answer))
    def answer(self, place: int, purpose: Purpose, answer: Answer) -> None:
        file = self.file(place)
        record_agreement(self.vault, file.client, purpose, answer, how="asked")
        file.answers[purpose] = answer
        if purpose is Purpose.PATTERNS and answer is not Answer.AGREED:
            assert self.vault.jottings.of(file.client.id + DRAFT) == ""
            signed = signed_patterns(self.vault, file.client)
            assert signed is None or signed.body.provenance is None

    @precondition(lambda self: len(self.sessions) < MOST_NOTES)
    @rule(place=picked, code=st.integers(0, 2))
    def write(self, place: int, code: int) -> None:
        file, label, said = self.file(place), self.word("label"), self.word("said")
        told = [(f"Nights {label}", CODES[code], None, f"She lay awake with the {said} again at four.")]
        note = write_session(self.vault, file.client, told, len(self.sessions))
        self.sessions.append(Session(file, note, {label, said}))

    @precondition(lambda self: any(not each.signed for each in self.sessions))
    @rule(place=picked)
    def sign(self, place: int) -> None:
        waiting = [each for each in self.sessions if not each.signed]
        session = waiting[place % len(waiting)]
        self.vault.signoffs.sign(conclude(review_of(self.vault, session.note), SIGNER, AT))
        session.signed = True

    @precondition(lambda self: any(each.signed for each in self.sessions))
    @rule(place=picked)
    def move(self, place: int) -> None:
        signed = [each for each in self.sessions if each.signed]
        session = signed[place % len(signed)]
        to = next(each for each in self.files if each is not session.file)
        session.note = self.vault.notes.move(session.note.id, to.client.id)
        session.file, session.signed = to, False

    @rule(place=picked, item=st.integers(1, 3), how=st.sampled_from(["accept", "reject", "edit", "own"]))
    def decide(self, place: int, item: int, how: str) -> None:
        file, mine = self.file(place), self.word("mine")
        client, name = file.client, f"P{item}"
        acts: dict[str, Callable[[], object]] = {
            "accept": lambda: accept_pattern(self.vault, client, name),
            "reject": lambda: reject_pattern(self.vault, client, name),
            "edit": lambda: edit_pattern(self.vault, client, name, statement=f"In my words {mine}."),
            "own": lambda: add_own_pattern(
                self.vault, client, f"Mine {mine}", kind=PatternKind.RECURRING, numbers=[item]
            ),
        }
        if self.allowed(file, acts[how]):
            self.typed[client.id].add(mine)

    @rule(place=picked, how=st.sampled_from(["merge", "split", "rename", "undo"]), number=st.integers(1, 5))
    def link(self, place: int, how: str, number: int) -> None:
        file, mine = self.file(place), self.word("mine")
        client = file.client
        acts: dict[str, Callable[[], object]] = {
            "merge": lambda: merge_threads(self.vault, client, "T1", "T2"),
            "split": lambda: split_thread(self.vault, client, "T1", [number]),
            "rename": lambda: rename_thread(self.vault, client, "T1", f"Called {mine}"),
            "undo": lambda: undo_edit(self.vault, client),
        }
        if self.allowed(file, acts[how]):
            self.typed[client.id].add(mine)

    @rule(place=picked)
    def ask_the_model(self, place: int) -> None:
        file, before = self.file(place), self.reached
        if not file.agrees(Purpose.PATTERNS, Purpose.DRAFTING):
            with pytest.raises(AgreementMissingError):
                permit_to_word_patterns(self.vault, file.client)
            assert self.reached == before
            return
        permit = permit_to_word_patterns(self.vault, file.client)
        try:
            word_patterns(permit, self.vault, file.client, self.parts)
        except NotReadyError:
            assert self.reached == before

    @rule(place=picked)
    def sign_the_patterns(self, place: int) -> None:
        file = self.file(place)
        if not self.allowed(file, lambda: sign_patterns(self.vault, file.client)):
            return
        signed = signed_patterns(self.vault, file.client)
        assert signed is not None
        assert self.vault.jottings.of(file.client.id + DRAFT) == ""

    @rule(place=picked)
    def decide_and_sign(self, place: int) -> None:
        """All that waits, one by one, so that what is signed is often reached."""
        file = self.file(place)
        if file.agrees(Purpose.PATTERNS):
            for name in patterns_of(self.vault, file.client).review.undecided():
                accept_pattern(self.vault, file.client, name)
        self.sign_the_patterns(place)

    @invariant()
    def nothing_reached_a_model_without_both_agreements(self) -> None:
        assert self.unpermitted == []

    @invariant()
    def a_pattern_is_of_what_is_signed_in_its_own_file(self) -> None:
        for file in self.files:
            signed = {word for each in self.sessions if each.file is file and each.signed for word in each.words}
            if not file.agrees(Purpose.PATTERNS):
                with pytest.raises(AgreementMissingError):
                    patterns_of(self.vault, file.client)
            else:
                seen = patterns_of(self.vault, file.client)
                assert words_in(repr(seen)) <= signed | self.typed[file.client.id]
                for item in seen.review.items:
                    assert words_in(item.composed) <= signed | self.typed[file.client.id]

    @invariant()
    def what_is_signed_of_patterns_rests_on_notes_of_the_file(self) -> None:
        for file in self.files:
            here = {each.note.id for each in self.sessions if each.file is file and each.signed}
            words = {word for each in self.sessions if each.file is file and each.signed for word in each.words}
            for each in self.vault.pattern_signoffs.of_client(file.client.id):
                assert {*each.body.notes} <= here
                assert words_in(each.body.model_dump_json()) <= words | self.typed[file.client.id]
            for entry in self.vault.entries.of(file.client.id, EntryKind.THREAD_EDIT):
                assert words_in(entry.body) <= words | self.typed[file.client.id]
            assert words_in(self.vault.jottings.of(file.client.id + DRAFT)) <= words | self.typed[file.client.id]

    @invariant()
    def the_vault_is_sound(self) -> None:
        assert self.vault.verify().problems == ()

    def teardown(self) -> None:
        self.vault.close()
        self.states.stop()


def test_no_unsigned_theme_reaches_a_pattern_and_no_sentence_a_model_without_agreement(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    vault, key = create(tmp_path / "practice.vault", PASSPHRASE)
    vault.close()
    first = Sealed(tmp_path / "practice.vault", key)

    class Machine(PatternsMachine):
        def __init__(self) -> None:
            super().__init__(first, tmp_path_factory.mktemp("patterns"))

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=many(12, 150),
            stateful_step_count=many(20, 50),
            deadline=None,
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        ),
    )

"""Whatever a therapist does in whatever order: no draft without an agreement, no report without a signature.

The vault and the services are the real ones. The two models alone are stand-ins, since what is asked is whether
anything reaches them; they note down every text that does. After every step the whole record is held against what is
remembered of it (tests/security/remembered.py).
"""

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
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

from notekeeper.domain.client_file import FrontSheet, Work
from notekeeper.domain.consent import Answer, Purpose
from notekeeper.domain.note import Note, NoteFormat, NoteKind
from notekeeper.domain.people import Capacity
from notekeeper.domain.report import ReportDocument
from notekeeper.domain.review import Choice, Destination, SignOff
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.errors import AgreementMissingError, NotReadyError, UsageError
from notekeeper.reports.html import report_html
from notekeeper.services.addenda import add_addendum
from notekeeper.services.caseload import own_day
from notekeeper.services.consent import permit_for, record_agreement
from notekeeper.services.drafting import draft
from notekeeper.services.people import add_person, people_of, person_left
from notekeeper.services.reporting import ReportChoices, build, report_text
from notekeeper.services.reviewing import FinishForm, OwnThemeForm, decide, finish, review_of
from notekeeper.services.signing import set_signer, sign
from notekeeper.vault import create
from tests.forms import many
from tests.lines import Tally
from tests.reports.invented import report_json
from tests.security.remembered import ITEMS, Drafted, Entry, File, WatchedEncoder, WatchedWording, draft_of, words_in
from tests.unit.fakes import parts
from tests.vault.invented import DAY, PASSPHRASE, Sealed

MOST_FILES, MOST_NOTES = 3, 4
picked = st.integers(0, 11)
forwards = st.sampled_from([Choice.ACCEPTED, Choice.EDITED, Choice.REJECTED])
places = st.sampled_from(Destination)


class RecordMachine(RuleBasedStateMachine):
    def __init__(self, first: Sealed, folder: Path, tally: Tally) -> None:
        super().__init__()
        self.tally = tally
        shutil.copytree(first.path, folder / "practice.vault")
        self.states = mock.patch.dict(os.environ, {"NOTEKEEPER_STATE": str(folder / "state")})
        self.states.start()
        self.sealed = Sealed(folder / "practice.vault", first.recovery_key)
        self.vault = self.sealed.open()
        set_signer(self.vault, "A. Invented")
        self.files: list[File] = []
        self.entries: list[Entry] = []
        self.bodies: dict[str, SignOff] = {}
        self.gone: set[str] = set()
        self.unpermitted: list[str] = []
        self.reached = 0
        self.counted = 0
        self.added = 0
        self.erased = 0
        self.log = list(self.vault.log.entries())
        self.parts = parts(WatchedWording(watch=self.arrives), encoder=WatchedEncoder(watch=self.arrives))

    def arrives(self, text: str) -> None:
        """What the port to the models calls with every text that reaches it."""
        self.reached += 1
        for word in words_in(text):
            if not any(word in each.text and each.file.agrees(Purpose.DRAFTING) for each in self.entries):
                self.unpermitted.append(word)

    def word(self, kind: str) -> str:
        self.counted += 1
        return f"zq{kind}{self.counted}x"

    def text(self) -> str:
        return f"She said the {self.word('text')} house was quiet. Lying awake most nights, waking again at four."

    def entry(self, place: int) -> Entry:
        """One of the notes, the newest for 0."""
        return self.entries[-1 - place % len(self.entries)]

    def file(self, place: int) -> File:
        return self.files[-1 - place % len(self.files)]

    def note(self, entry: Entry) -> Note:
        return self.vault.notes.by_number(entry.file.client.id, entry.note.number)

    # What is done.

    @initialize(
        couple=st.booleans(),
        answer=st.sampled_from([Answer.AGREED, Answer.AGREED, Answer.AGREED, Answer.DECLINED]),
        choices=st.lists(st.tuples(forwards, places), min_size=len(ITEMS), max_size=len(ITEMS)),
    )
    def begin(self, couple: bool, answer: Answer, choices: list[tuple[Choice, Destination]]) -> None:
        """A file with a signed note and one that is not, both drafted if that is agreed to."""
        self.add_file(couple)
        for who in range(len(self.files[0].persons)):
            self.answer(0, who, Purpose.DRAFTING, answer)
            self.answer(0, who, Purpose.SUPERVISION, Answer.AGREED)
        self.write(0)
        self.draft(0, old=False)
        self.see_through(0, choices)
        self.write(0)
        self.draft(0, old=False)

    @precondition(lambda self: len(self.files) < MOST_FILES)
    @rule(couple=st.booleans())
    def add_file(self, couple: bool) -> None:
        self.added += 1
        client = self.vault.clients.add(f"C{self.added:03}")
        self.files.append(File(client))
        if couple:
            self.vault.front_sheets.save(client.id, FrontSheet(work=Work.COUPLE))
            self.files[-1].persons = [
                add_person(self.vault, client, label, Capacity.CLIENT).id for label in ("Partner A", "Partner B")
            ]

    @precondition(lambda self: any(file.persons != [""] for file in self.files))
    @rule(place=picked)
    def add_one_more(self, place: int) -> None:
        """Somebody joins, who has not been asked: nobody's yes is enough any more."""
        couples = [file for file in self.files if file.persons != [""]]
        file = couples[place % len(couples)]
        self.added += 1
        joined = add_person(self.vault, file.client, f"Person {self.added}", Capacity.CLIENT)
        file.persons.append(joined.id)
        assert not file.agrees(Purpose.DRAFTING)

    @precondition(lambda self: any(len(file.persons) > 1 for file in self.files))
    @rule(place=picked, who=picked, mistake=st.booleans())
    def one_leaves(self, place: int, who: int, mistake: bool) -> None:
        """Whoever left goes on being asked, for the earlier notes are about them too. Somebody who was entered by
        mistake does not; but that takes no refusal out of the count."""
        several = [file for file in self.files if len(file.persons) > 1]
        file = several[place % len(several)]
        person = file.persons[who % len(file.persons)]
        known = next(each for each in people_of(self.vault, file.client) if each.id == person)
        refused = any(whose == person and said is not Answer.AGREED for (_, whose), said in file.answers.items())
        if (mistake and refused) or (known.left is not None and not mistake):
            self.refused(lambda: person_left(self.vault, file.client, known, own_day(), mistake=mistake))
            return
        person_left(self.vault, file.client, known, own_day(), mistake=mistake)
        if mistake:
            file.persons.remove(person)

    @precondition(lambda self: self.files)
    @rule(place=picked, who=picked, purpose=st.sampled_from(Purpose), answer=st.sampled_from(Answer))
    def answer(self, place: int, who: int, purpose: Purpose, answer: Answer) -> None:
        file = self.file(place)
        person = file.persons[who % len(file.persons)]
        if file.too_few():
            self.refused(lambda: record_agreement(self.vault, file.client, purpose, answer, how="asked", person=person))
            return
        record_agreement(self.vault, file.client, purpose, answer, how="asked in session", person=person)
        file.answers[purpose, person] = answer
        if purpose is Purpose.DRAFTING and answer is not Answer.AGREED:
            for at, entry in enumerate(reversed(self.entries)):
                if entry.file is file:
                    self.end_draft(entry)
                    self.draft(at, old=True)

    @precondition(lambda self: self.files and len(self.entries) < MOST_NOTES)
    @rule(place=picked)
    def write(self, place: int) -> None:
        file = self.file(place)
        added = self.vault.notes.add(file.client.id, kind=NoteKind.SESSION, format=NoteFormat.FREE, date=DAY)
        self.entries.append(Entry(file, added))
        self.save(0)

    @precondition(lambda self: self.entries)
    @rule(place=picked)
    def save(self, place: int) -> None:
        entry = self.entry(place)
        text = self.text()
        if entry.signed:
            self.refused(lambda: self.vault.notes.save(entry.note.id, text))
            return
        self.vault.notes.save(entry.note.id, text)
        entry.earlier |= words_in(entry.text)
        entry.text, entry.revision, entry.typed = text, entry.revision + 1, None

    @precondition(lambda self: self.entries)
    @rule(place=picked, anew=st.booleans())
    def type_on(self, place: int, anew: bool) -> None:
        entry = self.entry(place)
        text = self.text() if anew else entry.text
        if entry.signed:
            self.refused(lambda: self.vault.notes.autosave(entry.note.id, text))
            return
        self.vault.notes.autosave(entry.note.id, text)
        entry.typed = text

    @precondition(lambda self: self.entries)
    @rule(place=picked, old=st.booleans())
    def draft(self, place: int, old: bool) -> None:
        """By a permit given now, or by one that was given at some time and kept."""
        entry = self.entry(place)
        file, before = entry.file, self.reached
        agreed = file.agrees(Purpose.DRAFTING)
        if not (old and file.permit):
            if not agreed:
                with pytest.raises(AgreementMissingError):
                    permit_for(self.vault, file.client)
                return
            file.permit = permit_for(self.vault, file.client)
        assert file.permit
        if entry.signed or not agreed:
            with pytest.raises((UsageError, AgreementMissingError)):
                draft(file.permit, self.vault, self.note(entry), self.parts)
            assert self.reached == before
            return
        draft(file.permit, self.vault, self.note(entry), self.parts)
        assert self.reached > before
        self.counted += 1
        latest = self.vault.notes.latest(entry.note.id)
        assert latest is not None
        self.end_draft(entry)
        self.vault.drafts.store(entry.note.id, latest.id, draft_of(latest.text, self.counted))
        entry.draft = Drafted(self.counted, entry.revision)

    @precondition(lambda self: any(entry.current() for entry in self.entries))
    @rule(place=picked, choices=st.lists(st.tuples(forwards, places), min_size=1, max_size=len(ITEMS)))
    def decide(self, place: int, choices: list[tuple[Choice, Destination]]) -> None:
        """Item by item, as a person does; some may stay undecided."""
        drafted = [entry for entry in self.entries if entry.current()]
        self.decide_on(drafted[place % len(drafted)], choices)

    def decide_on(self, entry: Entry, choices: list[tuple[Choice, Destination]]) -> None:
        current = entry.current()
        if current is None:
            return
        for item, (choice, where) in zip([i for i in ITEMS if i not in current.decided], choices, strict=False):
            to = where if item in ("R1", "I1") else Destination.RECORD
            mine = self.word("edit") if choice is Choice.EDITED else None
            rejected = choice is Choice.REJECTED
            decide(self.vault, self.note(entry), item, choice, mine, None if rejected else to)
            current.decided[item] = (choice, to)
            if mine:
                current.mine[item] = mine

    @precondition(lambda self: self.entries)
    @rule(place=picked, own=st.sampled_from([True, True, False]), risk=st.sampled_from([True, True, False]))
    def finish(self, place: int, own: bool, risk: bool) -> None:
        entry = self.entry(place)
        mine = (self.word("ownfocus"), self.word("own")) if own else None
        said = self.word("risk") if risk else None
        form = FinishForm(
            focus=mine[0] if mine else None,
            themes=(OwnThemeForm(label=mine[1]),) if mine else None,
            risk=RiskEntry(state=RiskState.RAISED_BY_CLIENT, words=said) if said else None,
        )
        if entry.signed:
            self.refused(lambda: finish(self.vault, self.note(entry), form, ()))
            return
        finish(self.vault, self.note(entry), form, ())
        entry.own, entry.risk = mine or entry.own, said or entry.risk

    @precondition(lambda self: self.entries)
    @rule(place=picked)
    def sign(self, place: int) -> None:
        entry = self.entry(place)
        note, file = self.note(entry), entry.file
        if not entry.ready():
            self.refused(lambda: sign(self.vault, file.client, note))
            return
        kept = entry.kept()
        body = sign(self.vault, file.client, note).body
        assert {word for item in body.items for word in words_in(item.text)} == set(kept)
        entry.labels = {word for item in body.items if item.kind == "theme" for word in words_in(item.text)}
        entry.questions = {word for word, where in kept.items() if where is Destination.SUPERVISION}
        entry.risks, entry.stood = words_in(entry.risk or ""), set(kept)
        entry.signed, entry.typed = entry.text, None
        self.end_draft(entry, kept)
        genuine = self.vault.signoffs.of_note(note.id)
        assert genuine is not None
        assert genuine.body.items == body.items
        self.bodies[note.id] = _lasting(genuine.body)

    @precondition(lambda self: any(not entry.signed for entry in self.entries))
    @rule(place=picked, choices=st.lists(st.tuples(forwards, places), min_size=len(ITEMS), max_size=len(ITEMS)))
    def see_through(self, place: int, choices: list[tuple[Choice, Destination]]) -> None:
        """All that is still to be done, and the signature, so that what is signed is often reached."""
        waiting = [entry for entry in self.entries if not entry.signed]
        entry = waiting[place % len(waiting)]
        at = len(self.entries) - 1 - self.entries.index(entry)
        self.decide_on(entry, choices)
        self.finish(at, own=True, risk=True)
        if entry.typed not in {None, entry.text}:
            self.save(at)  # a draft of the text before is left behind by this
        self.sign(at)
        assert entry.signed

    @precondition(lambda self: any(entry.signed for entry in self.entries))
    @rule(place=picked, risk=st.booleans())
    def add_beneath(self, place: int, risk: bool) -> None:
        signed = [entry for entry in self.entries if entry.signed]
        entry = signed[place % len(signed)]
        said = RiskEntry(state=RiskState.ASKED_DISCLOSED, words=self.word("later")) if risk else None
        text = f"Later {self.word('later')}."
        add_addendum(self.vault, entry.file.client, self.note(entry), text, said)
        entry.beneath |= words_in(text)
        if said:
            entry.risks |= words_in(said.words)
            entry.risk = said.words

    @precondition(lambda self: any(entry.signed for entry in self.entries))
    @rule(place=picked)
    def change_what_is_signed(self, place: int) -> None:
        signed = [entry for entry in self.entries if entry.signed]
        entry = signed[place % len(signed)]
        note = self.note(entry)
        self.refused(lambda: decide(self.vault, note, "T1", Choice.REOPENED))
        self.refused(lambda: self.vault.reviews.set_risk(note.id, RiskEntry(state=RiskState.NOT_ASKED)))
        self.refused(lambda: sign(self.vault, entry.file.client, note))

    @precondition(lambda self: len(self.files) > 1 and self.entries)
    @rule(place=picked, to=picked)
    def move(self, place: int, to: int) -> None:
        """A note filed under the wrong client: the one way in which a signature ends, and the text stays."""
        entry, target = self.entry(place), self.file(to)
        if target is entry.file:
            self.refused(lambda: self.vault.notes.move(entry.note.id, target.client.id))
            return
        wrong = entry.file.client
        moved = self.vault.notes.move(entry.note.id, target.client.id)
        assert entry.note.number in {stub.number for stub in self.vault.notes.stubs(wrong.id)}
        latest = self.vault.notes.latest(moved.id)
        assert latest is not None
        carried = words_in(latest.text)
        assert words_in(entry.text) | entry.beneath <= carried <= words_in(entry.text) | entry.beneath | entry.risks
        self.end_draft(entry)
        self.gone |= (entry.earlier | entry.stood) - {*(entry.own or ()), *carried}
        self.bodies.pop(entry.note.id, None)
        self.entries.remove(entry)
        fresh = Entry(target, moved, latest.text, 1, own=entry.own, risk=entry.risk)
        self.entries.append(replace(fresh, typed=entry.typed))

    @precondition(lambda self: len(self.files) > 1)
    @rule(place=picked)
    def erase(self, place: int) -> None:
        file = self.file(place)
        self.vault.clients.erase(file.client.id)
        self.files.remove(file)
        self.erased += 1
        for entry in [entry for entry in self.entries if entry.file is file]:
            self.end_draft(entry)
            texts = " ".join((entry.text, entry.typed or "", entry.risk or ""))
            self.gone |= (
                words_in(texts) | entry.stood | entry.risks | entry.earlier | entry.beneath | {*(entry.own or ())}
            )
            self.bodies.pop(entry.note.id, None)
            self.entries.remove(entry)

    # How it must be after every step.

    @invariant()
    def nothing_reached_a_model_without_an_agreement(self) -> None:
        assert self.unpermitted == []

    @invariant()
    def a_report_holds_what_is_signed_and_nothing_else(self) -> None:
        for file in self.files:
            signed = [entry for entry in self.entries if entry.file is file and entry.signed]
            full = ReportChoices(risk=True, supervision=True)
            if not file.agrees(Purpose.SUPERVISION) or not signed:
                with pytest.raises((AgreementMissingError, NotReadyError)):
                    build(self.vault, [(file.client, full)])
                continue
            labels = {word for entry in signed for word in entry.labels}
            more = {word for entry in signed for word in entry.questions | entry.risks}
            for choices, expected in ((ReportChoices(), labels), (full, labels | more)):
                written, *shown = _every_form(build(self.vault, [(file.client, choices)]))
                assert words_in(written) == expected
                assert all(words_in(each) <= expected for each in shown)

    @invariant()
    def what_is_signed_stays_as_it_is(self) -> None:
        for entry in self.entries:
            genuine = self.vault.signoffs.of_note(entry.note.id)
            assert (genuine is not None) == self.note(entry).signed == (entry.signed is not None)
            if genuine is not None:
                assert _lasting(genuine.body) == self.bodies[entry.note.id]
                latest = self.vault.notes.latest(entry.note.id)
                assert latest is not None
                assert latest.text == entry.signed

    @invariant()
    def a_draft_is_there_only_while_it_awaits_review_and_nobody_said_no(self) -> None:
        for entry in self.entries:
            stored = self.vault.drafts.latest(entry.note.id)
            assert (stored is not None) == (entry.draft is not None)
            if stored is not None:
                assert not entry.signed
                assert review_of(self.vault, self.note(entry)).stale == (entry.current() is None)

    @invariant()
    def the_vault_is_sound(self) -> None:
        assert self.vault.verify().problems == ()

    @invariant()
    def the_log_only_grows(self) -> None:
        entries = list(self.vault.log.entries())
        assert entries[: len(self.log)] == self.log
        self.log = entries

    # Helpers of the rules.

    def refused(self, act: Callable[[], object]) -> None:
        with pytest.raises((UsageError, NotReadyError)):
            act()

    def end_draft(self, entry: Entry, kept: Sequence[str] | dict[str, Destination] = ()) -> None:
        """The words of its draft that nobody kept are to be on no page any more."""
        if entry.draft:
            self.gone |= entry.draft.words() - set(kept)
        entry.draft = None

    def teardown(self) -> None:
        self.vault.close()
        self.states.stop()
        here = words_in(self.sealed.pages().decode("latin-1"))
        assert not here & self.gone
        for entry in self.entries:
            assert words_in(entry.text) <= here
        self.tally.add(self.erased)


def _lasting(body: SignOff) -> SignOff:
    """What of a sign-off never changes. The account of the model that made the draft goes with a withdrawal."""
    return body.model_copy(update={"provenance": None})


def _every_form(report: ReportDocument) -> tuple[str, ...]:
    return report_json(report), report_html(report), report_text(report), report_text(report, None)


@pytest.mark.line(20)
def test_no_way_leads_past_an_agreement_or_a_signature(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, tally: Tally
) -> None:
    vault, key = create(tmp_path / "practice.vault", PASSPHRASE)
    vault.close()
    first = Sealed(tmp_path / "practice.vault", key)

    class Machine(RecordMachine):
        def __init__(self) -> None:
            super().__init__(first, tmp_path_factory.mktemp("machine"), tally)

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=many(10, 150),
            stateful_step_count=many(20, 50),
            deadline=None,
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        ),
    )

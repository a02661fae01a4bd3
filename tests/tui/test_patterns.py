"""The page of patterns: what it shows at every width, each decision by a key, the threads, the model, the signature."""

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.pilot import Pilot

from notekeeper.domain.consent import Answer, Purpose
from notekeeper.domain.engine import Worded, WordingRequest
from notekeeper.domain.pattern import PatternKind
from notekeeper.domain.pattern_work import DRAFT
from notekeeper.domain.review import RejectReason
from notekeeper.domain.vault import Vault
from notekeeper.drafting.parts import WordingWay
from notekeeper.services.client_patterns import Noted, patterns_of, signed_patterns, work_of
from notekeeper.services.consent import record_agreement
from notekeeper.tui.app import Ending, NotekeeperApp
from notekeeper.tui.base import Page
from notekeeper.tui.room import EngineRoom
from notekeeper.tui.screens.agreements import AgreementsBox
from notekeeper.tui.screens.menu import ClientMenu
from notekeeper.tui.screens.patterns import PatternsPage
from notekeeper.tui.screens.patterns_boxes import OwnPatternBox, WordsBox
from notekeeper.tui.screens.patterns_matrix import Columns, Row, line_of, ruler
from notekeeper.tui.screens.patterns_sentences import ThreadPage
from notekeeper.tui.screens.patterns_signing import SignedPatternsPage, SignPatternsBox
from notekeeper.tui.screens.signed import SignedPage
from notekeeper.tui.widgets import ShortText
from tests.tui.conftest import SIZES, AppAt, text_of, until
from tests.unit.fakes import ScriptedWording, parts
from tests.vault.patterned import SLEEP, patterned, signed_session, write_session

AppMaker = Callable[[Callable[[], Page]], AppAt]
Driver = Pilot[Ending]
SAID = "She lies awake, and slept through on most nights"


async def shows(pilot: Driver, *words: str) -> None:
    app = pilot.app
    assert isinstance(app, NotekeeperApp)
    await until(pilot, lambda: all(each in " ".join(text_of(app).split()) for each in words))


async def opened(pilot: Driver) -> PatternsPage:
    await until(pilot, lambda: isinstance(pilot.app.screen, PatternsPage) and pilot.app.screen.seen)
    assert isinstance(pilot.app.screen, PatternsPage)
    return pilot.app.screen


@pytest.mark.parametrize("size", SIZES)
async def test_it_is_reached_from_the_file_and_shows_threads_by_sessions(
    app_at: AppMaker, vault: Vault, size: tuple[int, int]
) -> None:
    client = patterned(vault)
    write_session(vault, client, [("Never signed", "sleep", "worsening", "Neversigned words.")], 6)
    app = app_at(lambda: ClientMenu(client))
    async with app.run_test(size=size) as pilot:
        await shows(pilot, "themes that come back over the signed sessions")
        line = next(line for line in text_of(app).splitlines() if "Patterns" in line)
        await pilot.press(line.split()[0])
        await opened(pilot)
        await shows(pilot, "●●▽▽?", "●▲●·?", "4 of 5 sessions signed", "1 to 2 themes a session", "0 of 2 decided")
        await shows(pilot, "● noted ▽ as easing ▲ as worse · not noted ? not signed")
        await shows(pilot, "Lying awake at four", "4 of 4", "noted less often, or as easing, in my notes")
        await shows(pilot, "Noted together with Saying yes to the rota in 3 sessions (1, 2, 3).")
        assert "Neversigned" not in text_of(app)


async def test_enter_shows_the_sentences_with_their_days_and_enter_there_the_signed_note(
    app_at: AppMaker, vault: Vault
) -> None:
    client = patterned(vault)
    app = app_at(lambda: PatternsPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, ThreadPage))
        await shows(pilot, "Saying yes to the rota · 3 of 4 sessions", "▲ Session 2 · 13 Jan 2026 · noted as worse")
        await shows(pilot, "▌ The rota is longer and nobody else takes it.")
        assert "lies awake" not in text_of(app)
        await pilot.press("a")
        await shows(pilot, "· Session 4 · 27 Jan 2026 · not noted")
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, SignedPage))
        await shows(pilot, "C014/2", "Again awake until five")


async def test_each_pattern_is_decided_on_by_a_key_and_the_whole_is_signed(app_at: AppMaker, vault: Vault) -> None:
    client = patterned(vault)
    app = app_at(lambda: PatternsPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("f9")
        await until(pilot, lambda: isinstance(app.screen, SignPatternsBox))
        await shows(pilot, "Not yet. Still to do:", "2 pattern(s) still await your decision")
        await pilot.press("y", "escape")
        page = await opened(pilot)
        await pilot.press("a")
        await shows(pilot, "✓ kept", "1 to decide.")
        assert page.here is not None
        assert page.here.name == "P2"
        await pilot.press("x")
        await shows(pilot, "✗ rejected", "A reason, if you like: 1 not in the note")
        await pilot.press("2")
        await shows(pilot, "Noted: not important.")
        decision = patterns_of(vault, client).review.items[1].decision
        assert decision is not None
        assert decision.reason is RejectReason.NOT_IMPORTANT
        await pilot.press("u")
        await shows(pilot, "Open again.", "1 of 2 decided")
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, WordsBox))
        app.screen.query_one(ShortText).load_text("The “rota”, noted\nthree times.")
        await pilot.press("f5")
        await shows(pilot, "✎ kept in my words", "Kept in your words.")
        await pilot.press("f9")
        await until(pilot, lambda: isinstance(app.screen, SignPatternsBox))
        await shows(pilot, "Kept: 2 pattern(s)", "Signed by: Dr Imagined")
        assert signed_patterns(vault, client) is None
        await pilot.press("y")
        await opened(pilot)
        await shows(pilot, "Signed: 2 pattern(s).", "Less mention in the notes is not recovery.", "2 kept")
        signed = signed_patterns(vault, client)
        assert signed is not None
        assert signed.body.patterns[1].statement == "The rota, noted three times."
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, SignedPatternsPage))
        await shows(pilot, "Dr Imagined · stands", "The rota, noted three times. [my words; notes 1, 2, 3]")


async def test_threads_are_merged_split_renamed_and_taken_back_by_keys(app_at: AppMaker, vault: Vault) -> None:
    client = patterned(vault)

    def numbers() -> list[tuple[int, ...]]:
        return [each.numbers for each in patterns_of(vault, client).threads]

    app = app_at(lambda: PatternsPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("m", "escape")
        await shows(pilot, "Nothing was merged.")
        await pilot.press("m", "down", "m")
        await shows(pilot, "Merged. z takes it back.")
        assert numbers() == [(1, 2, 3, 4)]
        await pilot.press("s")
        await shows(pilot, "Which sessions leave", "[ ] 1 · 06 Jan 2026 · Lying awake at four, Saying yes to the rota")
        await pilot.press("space", "down", "space")
        await shows(pilot, "[✓] 2")
        await pilot.press("enter")
        await shows(pilot, "Split. z takes it back.")
        assert sorted(numbers()) == [(1, 2), (3, 4)]
        await pilot.press("r")
        await shows(pilot, "Label: no names, no quotation marks")
        await pilot.press(*["backspace"] * 40, *"Nights", "enter")
        await shows(pilot, "Renamed. z takes it back.", "Nights")
        await pilot.press("z", "z", "z")
        await shows(pilot, "Taken back: merged")
        assert numbers() == [(1, 2, 3, 4), (1, 2, 3)]
        await pilot.press("z")
        await shows(pilot, "none to take back")


async def test_a_pattern_of_my_own_is_kept_as_typed_added_and_taken_away(app_at: AppMaker, vault: Vault) -> None:
    client = patterned(vault)
    app = app_at(lambda: PatternsPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("o", *"My haste", "tab", "4", "tab", *"2, 9")
        await pilot.press("f5")
        await shows(pilot, "Signed are 1, 2, 3, 4")
        await pilot.press("escape")
        await opened(pilot)
        assert work_of(vault, client).begun.label == "My haste"
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, OwnPatternBox))
        await shows(pilot, "My haste", "2, 9", "● 4 shifting")
        await pilot.press("tab", "tab", *"2, 4", "f5")
        await shows(pilot, "✎ my own · 2 of 4 · shifting", "Added.")
        (own,) = patterns_of(vault, client).review.own
        assert (own.kind, own.statement) == (PatternKind.SHIFTING, "My haste: noted in 2 of 4 sessions (2, 4).")
        await pilot.press("down", "down", "x")
        await shows(pilot, "Taken away.")
        assert patterns_of(vault, client).review.own == ()


async def test_what_was_typed_for_a_pattern_is_its_decision_after_a_lock(
    app_at: AppMaker, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = patterned(vault)
    monkeypatch.setattr(type(vault), "close", lambda _: None)  # to be looked at afterwards
    app = app_at(lambda: PatternsPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("e", *" In my words.", "f12")
        await until(pilot, lambda: app.return_value is Ending.LOCKED)
    item = patterns_of(vault, client).review.items[0]
    assert item.statement.endswith(" In my words.")
    assert item.origin == "therapist"


@pytest.mark.parametrize("answer", [Answer.DECLINED, Answer.WITHDRAWN])
async def test_without_agreement_it_says_so_and_shows_no_word(app_at: AppMaker, vault: Vault, answer: Answer) -> None:
    client = patterned(vault)
    record_agreement(vault, client, Purpose.PATTERNS, answer, how="spoken")
    app = app_at(lambda: PatternsPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, f"has {answer.value} AI patterns", "consent record CODE patterns agreed", "not agreed to")
        for key in ("a", "e", "x", "m", "s", "r", "o", "f6", "f9", "n", "u", "c"):
            await pilot.press(key)
        assert isinstance(app.screen, PatternsPage)
        assert "rota" not in text_of(app)


@dataclass
class Held(ScriptedWording):
    """A model that waits to be let go at its second question."""

    begun: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)

    def word(self, request: WordingRequest, *given: Any) -> Worded:
        if len(self.requests) == 1:
            self.begun.set()
            self.let_go.wait(20)
        return super().word(request, *given)


def with_model(app: AppAt, wording: ScriptedWording) -> None:
    app.room = EngineRoom(lambda: contextlib.nullcontext(parts(wording, WordingWay.WORDS)), app.post_from_thread)


async def test_the_model_words_what_is_undecided_and_its_words_are_a_draft(app_at: AppMaker, vault: Vault) -> None:
    client = patterned(vault)
    app = app_at(lambda: PatternsPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        wording = ScriptedWording(lambda request: "Dreading wine" if "rota" in request.turns[0].text else SAID)
        with_model(app, wording)
        await pilot.press("f6")
        await shows(pilot, "1 worded by the model, 1 left in plain counts.", "DRAFT")
        await shows(pilot, f"{SAID}: noted in 4 of 4 sessions", "[the model's words]", "In counts: Lying awake")
        await pilot.press("down")
        await shows(pilot, "Withheld by the checks:")
        await pilot.press("up", "a")
        item = patterns_of(vault, client).review.items[0]
        assert item.origin == "model_accepted"
        await pilot.press("up", "c")
        assert patterns_of(vault, client).review.items[0].origin == "composed"
        await pilot.press("f6")
        await shows(pilot, "nothing to do")
        assert "pattern.worded" in {entry.event for entry in vault.log.entries()}


async def test_the_model_can_be_stopped_and_what_it_made_is_kept(app_at: AppMaker, vault: Vault) -> None:
    client = patterned(vault)
    app = app_at(lambda: PatternsPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        wording = Held(lambda _: SAID)
        with_model(app, wording)
        await pilot.press("f6")
        await until(pilot, wording.begun.is_set)
        await shows(pilot, "F7 Stop")
        await pilot.press("f7")
        wording.let_go.set()
        await until(pilot, lambda: app.room is not None and app.room.working_on is None)
        await shows(pilot, "Stopped.")
        assert [item.worded is not None for item in patterns_of(vault, client).review.items] == [True, False]


@pytest.mark.parametrize("purpose", [Purpose.PATTERNS, Purpose.DRAFTING])
async def test_a_withdrawal_stops_the_model_at_once_and_nothing_of_it_is_kept(
    app_at: AppMaker, vault: Vault, purpose: Purpose, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = patterned(vault)
    monkeypatch.setattr(type(vault), "close", lambda _: None)  # to be looked at afterwards
    app = app_at(lambda: PatternsPage(client))
    async with app.run_test(size=(120, 40)) as pilot:
        page = await opened(pilot)
        wording = Held(lambda _: SAID)
        with_model(app, wording)
        await pilot.press("f6")
        await until(pilot, wording.begun.is_set)
        app.push_screen(AgreementsBox(page, client))
        await until(pilot, lambda: isinstance(app.screen, AgreementsBox))
        await pilot.press(*["down"] * list(Purpose).index(purpose), "w")
        await shows(pilot, "will be destroyed", "Press w again.")
        await pilot.press("w")
        await until(pilot, lambda: app.room is not None and app.room._cancel.is_set())
        wording.let_go.set()
        await until(pilot, lambda: app.room is not None and app.room.working_on is None)
    assert SAID not in vault.jottings.of(client.id + DRAFT)


async def test_where_drafting_is_not_agreed_to_no_model_is_called(app_at: AppMaker, vault: Vault) -> None:
    client = patterned(vault, purposes=[Purpose.PATTERNS])
    app = app_at(lambda: PatternsPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        wording = ScriptedWording(lambda _: SAID)
        with_model(app, wording)
        await pilot.press("f6")
        await shows(pilot, "has not been asked about AI drafting")
        assert wording.requests == []
        await pilot.press("a", "a", "f9", "y")
        await shows(pilot, "Signed: 2 pattern(s).")


@pytest.mark.parametrize("count", [2, 9, 60, 140])
async def test_two_to_many_sessions_stand_side_by_side(app_at: AppMaker, vault: Vault, count: int) -> None:
    client = vault.clients.add("C60")
    record_agreement(vault, client, Purpose.PATTERNS, Answer.AGREED, how="spoken")
    for week in range(count):
        signed_session(vault, client, [SLEEP[week % 2]], week)
    app = app_at(lambda: PatternsPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        lines = text_of(app).splitlines()
        marks = next(line for line in lines if "●●" in line)
        assert marks.count("●") == min(count, 74)
        assert next(line for line in lines if "█" in line).count("█") == min(count, 74)
        if count > 74:
            await shows(pilot, f"sessions {count - 73} to {count} shown")
            await pilot.press(*["left"] * 20)
            await shows(pilot, "sessions 1 to 74 shown")


@given(st.integers(1, 400), st.integers(20, 200), st.integers(0, 300))
@settings(max_examples=300, deadline=None)
def test_every_number_of_the_ruler_ends_in_its_own_column(sessions: int, width: int, shifted: int) -> None:
    columns = Columns.fitting(sessions, width, shifted)
    assert 0 <= columns.first < columns.last <= sessions
    assert columns.cells == min(sessions, width)
    line = ruler(columns)
    assert len(line) == columns.cells
    at = 0
    for piece in line.split():
        start = line.index(piece, at)
        at = start + len(piece)
        number = int(piece)
        assert number in (columns.first + start + 1, columns.first + at)
        if number != columns.first + 1:
            assert number == columns.first + at


@given(st.text(min_size=1, max_size=200), st.integers(1, 200), st.integers(20, 160))
@settings(max_examples=200, deadline=None)
def test_no_line_is_wider_than_there_is_room(label: str, sessions: int, width: int) -> None:
    marks = tuple(Noted.NOTED for _ in range(sessions))
    row = Row("P1", label, PatternKind.FADING.words, "○ to decide", tuple(range(1, sessions + 1)), marks)
    shown = line_of(row, Columns.fitting(sessions, width), sessions)
    assert [line for line in shown.plain.split("\n") if cell_len(line) > width] == []

"""Opening what a supervisor was sent: whose it is, as far as known, and what was changed."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notekeeper.domain.report import ThemeReport
from notekeeper.errors import NotekeeperError, ReportError, UsageError, WeakPassphraseError
from notekeeper.reports.envelope import Seal, Secret, new_identity
from notekeeper.reports.trust import Standing
from notekeeper.services.browsing import Locked, NotRead, Reading, others_of
from notekeeper.services.bundling import bundle_report, unbundle
from notekeeper.services.knowing_keys import forget, know, known_keys
from notekeeper.services.shelf import Shelf, hours
from notekeeper.services.supervisor_hours import ratios
from notekeeper.services.verdicts import badge, verdict
from tests.browsing.invented import NOW, THEN, Therapist, page

WORDS = "otter velvet ladder quince"


def only(shelf: Shelf) -> Reading:
    (reading,) = shelf.readings
    return reading


def test_a_key_is_new_then_known_then_changed(rowan: Therapist, post: Path) -> None:
    rowan.write(post, "one")
    shelf = Shelf.of([post])
    reading = only(shelf)
    assert reading.trust.standing is Standing.UNKNOWN
    assert "do not know yet" in verdict(reading)[0]
    know(reading.trust, "Rowan")
    shelf.judge_again()
    assert verdict(only(shelf))[0].startswith("Signed by Rowan: the key that you know since")
    assert (only(shelf).trust.name, badge(only(shelf))) == ("Rowan", "✓ known key")

    Therapist.new(rowan.name).write(post, "two", page(code="C015"))
    both = Shelf.of([post])
    told = {each.path.stem: each.trust.standing for each in both.readings}
    assert told == {"one": Standing.KNOWN, "two": Standing.CHANGED}
    changed = next(each for each in both.readings if each.path.stem == "two")
    assert verdict(changed)[0].startswith("WARNING: this is NOT the key that you know for Rowan")
    assert [place.reading.trust.name for place in both.places] == ["Rowan", rowan.name]  # never under the known name


def test_a_changed_key_is_added_only_by_the_words_that_were_heard(rowan: Therapist, post: Path) -> None:
    know(only(Shelf.of([rowan.write(post, "one")])).trust, "Rowan")
    other = Therapist.new(rowan.name)
    trust = only(Shelf.of([other.write(post, "two")])).trust
    for heard in (None, "", " ".join(reversed(trust.words)), " ".join(trust.words[:7]), " ".join((*trust.words, "x"))):
        with pytest.raises(UsageError):
            know(trust, "Rowan", heard)
    assert len(known_keys().keys) == 1
    know(trust, "Rowan", f"  {', '.join(trust.words).upper()} ")
    assert len(known_keys().named("rowan")) == 2
    assert len(forget("Rowan")) == 2
    assert known_keys().keys == ()
    with pytest.raises(UsageError, match="No key is known"):
        forget("Rowan")


def test_a_report_without_its_seal_by_a_known_name_is_an_alarm(rowan: Therapist, post: Path) -> None:
    know(only(Shelf.of([rowan.write(post, "one")])).trust, "Rowan")
    of_version_2 = post / "old.json"
    one = page()
    kept = {name: getattr(one, name) for name in set(ThemeReport.model_fields) & set(type(one).model_fields)}
    old = ThemeReport(made_at=datetime(2025, 9, 1, tzinfo=UTC), app_version="0.3.0", **kept)
    of_version_2.write_text(old.model_dump_json())
    reading = next(each for each in Shelf.of([post]).readings if each.path == of_version_2)
    assert reading.trust.standing is Standing.STRIPPED
    assert verdict(reading)[0].startswith("WARNING: NOT SIGNED, though you know a key of Rowan")
    forget("Rowan")
    assert verdict(only(Shelf.of([of_version_2])))[0].startswith("Not signed: nothing shows who made this file")


@pytest.mark.parametrize("ending", ["html", "md", "pdf"])
def test_a_file_beside_it_that_was_changed_is_said_first(rowan: Therapist, post: Path, ending: str) -> None:
    path = rowan.write(post, "one")
    path.with_suffix(f".{ending}").write_bytes(b"other")
    reading = only(Shelf.of([path]))
    assert verdict(reading)[0] == f"WARNING: changed since it was sealed: the .{ending} beside this report."
    assert badge(reading) == "! FILES CHANGED"
    path.with_suffix(f".{ending}").unlink()
    assert not verdict(only(Shelf.of([path])))[0].startswith("WARNING")


def test_what_is_no_report_is_shown_as_such_and_the_others_open(rowan: Therapist, post: Path) -> None:
    rowan.write(post, "good")
    (post / "other.json").write_text('{"secret": "CANARY"}')
    (post / "cut.json").write_bytes((post / "good.json").read_bytes()[:-40])
    (post / "not.age").write_text("CANARY")
    (post / "good.comments.json").write_text("{}")
    shelf = Shelf.of([post, post / "nowhere.json"])
    assert [each.path.name for each in shelf.readings] == ["good.json"]
    assert {each.path.name for each in shelf.not_read} == {"other.json", "cut.json", "not.age", "nowhere.json"}
    assert all("CANARY" not in each.why for each in shelf.not_read)
    shelf.add([post / "good.json"])
    assert len(shelf.looked) == 5  # opened twice, listed once
    (post / "copy.json").write_bytes((post / "good.json").read_bytes())
    (again,) = shelf.add([post / "copy.json"])
    assert isinstance(again, NotRead)
    assert "good.json, which is shown" in again.why


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_changed_byte_of_a_report_is_shown(rowan: Therapist, post: Path, data: st.DataObject) -> None:
    raw = bytearray(rowan.sealed())
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    (post / "x.json").write_bytes(raw)
    assert Shelf.of([post / "x.json"]).readings == []


def test_the_list_goes_by_therapist_then_client_then_period(rowan: Therapist, post: Path) -> None:
    alex = Therapist.new("Alex Fields")
    rowan.write(post, "a", page("C2", NOW), page("C1", NOW))
    alex.write(post, "b", page("C9"))
    rowan.write(post, "c", page("C2", THEN))
    places = Shelf.of([post]).places
    assert [(at.reading.trust.name[:5], at.page.client_code, at.page.period_from) for at in places] == [
        ("Alex ", "C9", THEN[0]),
        ("Rowan", "C1", NOW[0]),
        ("Rowan", "C2", THEN[0]),
        ("Rowan", "C2", NOW[0]),
    ]
    assert others_of(places[2], places) == [places[3]]
    assert others_of(places[0], places) == []


def test_a_bundle_opens_by_passphrase_or_key_and_stays_in_memory(rowan: Therapist, post: Path, tmp_path: Path) -> None:
    secret, public = new_identity()
    path = rowan.write(tmp_path, "report_C014")
    by_words = bundle_report(path, Seal(passphrase=WORDS), post)
    rowan.write(tmp_path, "report_C015", page("C015"))
    bundle_report(tmp_path / "report_C015.json", Seal(keys=(public,)), post)
    before = {each: each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()}

    shelf = Shelf.of([post])
    assert shelf.readings == []
    assert [(each.path.name, each.by_passphrase) for each in shelf.locked] == [
        ("report_C014.zip.age", True),
        ("report_C015.zip.age", False),
    ]
    assert shelf.unlock(Secret(passphrase="wrong")) == []
    assert shelf.unlock(Secret(keys=(new_identity()[0],))) == []
    (first,) = shelf.unlock(Secret(passphrase=WORDS))
    (second,) = shelf.unlock(Secret(keys=(secret,)))
    assert isinstance(first, Reading)
    assert isinstance(second, Reading)
    assert [at.page.client_code for at in shelf.places] == ["C014", "C015"]
    assert first.sha256 == only(Shelf.of([path])).sha256
    assert not any(line.startswith("WARNING") for line in verdict(first))
    assert {each: each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()} == before
    assert isinstance(Shelf.of([by_words]).looked[0], Locked)
    assert len(Shelf.of([post], secrets=[Secret(passphrase=WORDS), Secret(keys=(secret,))]).readings) == 2
    assert WORDS not in repr(shelf)
    assert secret not in repr(shelf)


def test_a_bundle_is_made_of_what_was_sealed_and_a_strong_passphrase(rowan: Therapist, post: Path) -> None:
    path = rowan.write(post, "one")
    for weak in ("", "password", "1234567890", "notekeeper"):
        with pytest.raises(WeakPassphraseError):
            bundle_report(path, Seal(passphrase=weak))
    with pytest.raises(UsageError):
        bundle_report(path, Seal(keys=("age1x",)))
    path.with_suffix(".pdf").write_bytes(b"other")
    with pytest.raises(ReportError, match=r"\.pdf"):
        bundle_report(path, Seal(passphrase=WORDS))
    assert list(post.glob("*.age")) == []
    path.with_suffix(".pdf").unlink()
    (reading,) = Shelf.of([bundle_report(path, Seal(passphrase=WORDS))], secrets=[Secret(passphrase=WORDS)]).readings
    assert {ending: what.value for ending, what in reading.beside.items()} == {
        "html": "as_sealed",
        "md": "as_sealed",
        "pdf": "missing",
    }


def test_a_bundle_is_taken_out_where_that_is_asked_for(rowan: Therapist, post: Path, tmp_path: Path) -> None:
    secret, public = new_identity()
    path = rowan.write(post, "one")
    bundle = bundle_report(path, Seal(keys=(public,)))
    out = tmp_path / "out"
    out.mkdir()
    taken = unbundle(bundle, Secret(keys=(secret,)), out)
    assert {ending: each.read_bytes() for ending, each in taken.items()} == {
        each.suffix[1:]: each.read_bytes() for each in post.iterdir() if each.suffix != ".age"
    }
    with pytest.raises(NotekeeperError):
        unbundle(bundle, Secret(keys=(new_identity()[0],)), out)


def test_hours_count_each_session_once_and_each_day_once(rowan: Therapist, post: Path) -> None:
    day = date(2026, 5, 14)
    rowan.write(post, "a", page("C1", THEN), page("C2", THEN))
    rowan.write(post, "b", page("C1", (THEN[0], NOW[1])))  # the first eight sessions again
    shelf = Shelf.of([post])
    first, second = shelf.readings
    shelf.hold(first, day, 60, today=day)
    log = shelf.hold(second, day, 90, today=day)
    (ratio,) = ratios(log, known_keys())
    assert (ratio.supervisions, ratio.minutes) == (1, 90)  # one supervision of that day, not two
    sessions = {*first.document.pages[0].coverage.included, *first.document.pages[0].coverage.not_included}
    later = {*second.document.pages[0].coverage.included, *second.document.pages[0].coverage.not_included}
    assert ratio.sessions == len(sessions | later) + 8
    assert shelf.desk(first).comments.discussed_on == day
    assert shelf.desk(second).comments.minutes == 90
    shelf.hold(second, date(2026, 5, 21), 45, today=date(2026, 6, 1))
    know(first.trust, "Rowan")
    (ratio,) = ratios(hours(), known_keys())
    assert (ratio.supervisee, ratio.supervisions, ratio.minutes) == ("Rowan", 2, 135)
    assert ratio.words == "2 supervisions, 2 h 15 min; 24 client sessions covered: one hour to 10.7 sessions"
    with pytest.raises(UsageError, match="in the past"):
        shelf.hold(first, date(2026, 6, 2), 60, today=date(2026, 6, 1))


def test_no_client_is_named_in_the_hours_and_a_damaged_log_is_left_alone(
    rowan: Therapist, post: Path, own_folder: Path
) -> None:
    day = date(2026, 5, 14)
    shelf = Shelf.of([rowan.write(post, "a", page("CANARY-7"))])
    shelf.hold(only(shelf), day, 60, today=day)
    log = own_folder / "hours.json"
    assert "CANARY" not in log.read_text()
    log.write_text("{")
    with pytest.raises(ReportError, match="cannot be read"):
        shelf.hold(only(shelf), day, 60, today=day)
    assert log.read_text() == "{"

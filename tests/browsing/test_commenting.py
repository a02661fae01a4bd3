"""Comments while they are written: on disk with every change, beside the report or where they can be, never lost."""

import os
import shutil
from datetime import date
from pathlib import Path

import pexpect
import pytest

from notekeeper.domain.comments import SupervisorComment
from notekeeper.errors import ReportError, UsageError, WeakPassphraseError
from notekeeper.isolation import private
from notekeeper.reports.comments import comments_of, keep_comments, read_comments
from notekeeper.reports.entries import entries_of
from notekeeper.reports.envelope import Seal, Secret, new_identity
from notekeeper.reports.items import items_of
from notekeeper.services.browsing import Reading
from notekeeper.services.bundling import bundle_report
from notekeeper.services.commenting import CommentsDesk
from notekeeper.services.shelf import Shelf
from tests.browsing.invented import Therapist, page

WORDS = "otter velvet ladder quince"


def opened(path: Path, *secrets: Secret) -> Reading:
    (reading,) = Shelf.of([path], secrets=secrets).readings
    return reading


@pytest.fixture
def path(rowan: Therapist, post: Path) -> Path:
    return rowan.write(post, "report_C014")


def test_every_change_is_on_disk_beside_the_report_at_once(path: Path) -> None:
    desk = CommentsDesk(opened(path))
    assert desk.path is None
    at = desk.put("C014/theme/1", "Whose y")
    kept = path.with_name("report_C014.comments.json")
    assert desk.path == kept
    assert [each.text for each in read_comments(kept).comments] == ["Whose y"]
    desk.put("C014/theme/1", "Whose yes is it?", at=at)
    desk.put("C014/risk", "Ask again", action=True, until=date(2026, 5, 21))
    desk.put("C014/theme/1", "And the second?")
    found = read_comments(kept)
    assert found.report_sha256 == desk.reading.sha256
    assert found.comments[1] == SupervisorComment(
        ref="C014/risk", text="Ask again", action=True, until=date(2026, 5, 21)
    )
    again = CommentsDesk(opened(path))
    assert again.comments == found
    assert [(place, each.text) for place, each in again.on("C014/theme/1")] == [
        (0, "Whose yes is it?"),
        (2, "And the second?"),
    ]
    assert again.put("C014/theme/1", "   ", at=0) is None
    assert [each.text for each in read_comments(kept).comments] == ["Ask again", "And the second?"]
    assert list(path.parent.glob("*comments*")) == [kept]


def test_nothing_is_written_before_there_is_something(path: Path) -> None:
    desk = CommentsDesk(opened(path))
    desk.put("C014", "  ")
    desk.signed_as("Invented Supervisor")
    desk.keep()
    assert list(path.parent.glob("*comments*")) == []
    with pytest.raises(UsageError, match="nothing to send back"):
        desk.write_for(path.parent, None)
    assert CommentsDesk(opened(path)).comments.supervisor == "Invented Supervisor"


def test_comments_on_another_report_of_that_name_and_what_cannot_be_read_stay(rowan: Therapist, path: Path) -> None:
    CommentsDesk(opened(path)).put("C014", "On the first")
    (path.parent / "report_C014_2.comments.json").write_text("not comments")
    path.write_bytes(rowan.sealed(page(question="Made anew")))
    desk = CommentsDesk(opened(path))
    assert desk.comments.comments == ()
    assert "left as they are" in desk.said
    desk.put("C014", "On the second")
    assert desk.path == path.with_name("report_C014_3.comments.json")
    assert [each.text for each in read_comments(path.with_name("report_C014.comments.json")).comments] == [
        "On the first"
    ]
    assert path.with_name("report_C014_2.comments.json").read_text() == "not comments"


def test_two_windows_on_one_report_lose_nothing(path: Path) -> None:
    one, other = CommentsDesk(opened(path)), CommentsDesk(opened(path))
    one.put("C014", "From one")
    other.put("C014", "From the other")
    one.put("C014", "More from one")
    texts = {each.name: [c.text for c in read_comments(each).comments] for each in path.parent.glob("*.comments.json")}
    assert sorted(texts.values()) == [["From one", "More from one"], ["From the other"]]
    newer = CommentsDesk(opened(path))
    newer.put("C014", "Newest")
    one.put("C014", "Last from one")
    held = [
        text for each in path.parent.glob("*.comments.json") for c in read_comments(each).comments for text in [c.text]
    ]
    assert {"From one", "More from one", "From the other", "Newest", "Last from one"} <= set(held)


def test_a_folder_that_cannot_be_written_sends_them_to_the_supervisors_own(
    path: Path, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = CommentsDesk(opened(path))
    desk.put("C014", "Before")
    write, full = private.write_private, {path.parent}

    def failing(place: Path, content: bytes) -> None:
        if place.parent in full:
            raise OSError(30, "Read-only file system")
        write(place, content)

    monkeypatch.setattr("notekeeper.services.comments_place.write_private", failing)
    desk.put("C014", "After")
    assert desk.path is not None
    assert desk.path.parent == own_folder / "comments"
    assert "C014" not in desk.path.name
    assert str(desk.path) in desk.said
    assert [each.text for each in CommentsDesk(opened(path)).comments.comments] == ["Before", "After"]
    full.add(own_folder / "comments")
    with pytest.raises(ReportError, match="still here"):
        desk.put("C014", "Nowhere")
    full.clear()
    desk.put("C014", "There again")
    texts = [each.text for each in CommentsDesk(opened(path)).comments.comments]
    assert texts == ["Before", "After", "Nowhere", "There again"]


def test_a_place_that_was_chosen_is_taken(path: Path, tmp_path: Path) -> None:
    chosen = tmp_path / "chosen"
    chosen.mkdir()
    CommentsDesk(opened(path), chosen).put("C014", "There")
    assert [each.name for each in chosen.iterdir()] == ["report_C014.comments.json"]
    assert CommentsDesk(opened(path), chosen).comments.comments[0].text == "There"
    assert list(path.parent.glob("*comments*")) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no owner-only mode bits")
def test_comments_are_for_their_owner_alone(path: Path) -> None:
    desk = CommentsDesk(opened(path))
    desk.put("C014", "Private")
    assert desk.path is not None
    assert desk.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("by", ["passphrase", "key"])
def test_comments_on_a_sealed_report_are_only_ever_sealed_on_disk(
    rowan: Therapist, post: Path, tmp_path: Path, by: str
) -> None:
    key, public = new_identity()
    seal = Seal(passphrase=WORDS) if by == "passphrase" else Seal(keys=(public,))
    secret = Secret(passphrase=WORDS) if by == "passphrase" else Secret(keys=(key,))
    bundle = bundle_report(rowan.write(tmp_path, "report_C014"), seal, post)
    desk = CommentsDesk(opened(bundle, secret))
    at = desk.put("C014/risk", "CANARY one")
    desk.put("C014/risk", "CANARY two", at=at)
    assert all(b"CANARY" not in each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
    assert desk.path == post / "report_C014.comments.json.age"
    again = CommentsDesk(opened(bundle, secret))
    assert [each.text for each in again.comments.comments] == ["CANARY two"]
    again.put("C014", "CANARY three")
    assert [each.text for each in CommentsDesk(opened(bundle, secret)).comments.comments] == [
        "CANARY two",
        "CANARY three",
    ]
    assert all(b"CANARY" not in each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
    expected = {"report_C014.zip.age", "report_C014.comments.json.age"}
    assert {each.name for each in post.iterdir()} == expected | (
        {"report_C014.comments.key.age"} if by == "passphrase" else set()
    )


def test_age_opens_the_comments_kept_beside_a_bundle(rowan: Therapist, post: Path, tmp_path: Path) -> None:
    bundle = bundle_report(rowan.write(tmp_path, "report_C014"), Seal(passphrase=WORDS), post)
    CommentsDesk(opened(bundle, Secret(passphrase=WORDS))).put("C014", "By hand")
    assert shutil.which("age"), "These tests open sealed files with age: please install the package age."
    out = tmp_path / "out.json"
    key, comments = post / "report_C014.comments.key.age", post / "report_C014.comments.json.age"
    typing = pexpect.spawn("age", ["-d", "-i", str(key), "-o", str(out), str(comments)], timeout=60)
    typing.expect("assphrase")
    typing.sendline(WORDS)
    typing.expect(pexpect.EOF)
    typing.close()
    assert typing.exitstatus == 0
    assert comments_of(out.read_bytes()).comments[0].text == "By hand"


def test_what_goes_back_is_written_for_the_therapist(path: Path, tmp_path: Path) -> None:
    desk = CommentsDesk(opened(path))
    desk.put("C014", "Thank you")
    assert desk.write_for(path.parent, None) == path.with_name("report_C014.comments.json")  # it lies there already
    out = tmp_path / "out"
    out.mkdir()
    copy = desk.write_for(out, None)
    assert read_comments(copy) == desk.comments
    with pytest.raises(WeakPassphraseError):
        desk.write_for(out, Seal(passphrase="password"))
    sealed = desk.write_for(out, Seal(passphrase=WORDS))
    assert read_comments(sealed, Secret(passphrase=WORDS)) == desk.comments
    assert {each.name for each in out.iterdir()} == {copy.name, sealed.name}


def test_what_came_sealed_goes_back_sealed(rowan: Therapist, post: Path, tmp_path: Path) -> None:
    bundle = bundle_report(rowan.write(tmp_path, "report_C014"), Seal(passphrase=WORDS), post)
    desk = CommentsDesk(opened(bundle, Secret(passphrase=WORDS)))
    desk.put("C014", "CANARY")
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(UsageError, match="came sealed"):
        desk.write_for(out, None)
    assert list(out.iterdir()) == []
    back = desk.write_for(out, Seal(passphrase=WORDS))
    assert read_comments(back, Secret(passphrase=WORDS)) == desk.comments
    _, public = new_identity()
    assert desk.write_for(out, Seal(keys=(public,))).name == "report_C014_2.comments.json.age"
    assert read_comments(desk.write_for(out, None, openly=True)) == desk.comments


def test_a_link_in_the_place_of_the_comments_is_not_followed(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "mine.txt"
    target.write_text("mine")
    path.with_name("report_C014.comments.json").symlink_to(target)
    desk = CommentsDesk(opened(path))
    desk.put("C014", "Here")
    assert target.read_text() == "mine"
    assert desk.path == path.with_name("report_C014_2.comments.json")


def test_the_items_commented_on_are_those_that_are_taken_in(rowan: Therapist) -> None:
    for document in (
        rowan.document(page("C014"), page("C015", question="", questions=(), patterns=(), supervision=())),
        rowan.document(page("C1", themes=())),
    ):
        refs = [entry.ref for each in document.pages for entry in entries_of(document, each)]
        assert refs == [ref for ref, _, _ in items_of(document)]
        assert len(set(refs)) == len(refs)


def test_a_file_kept_by_hand_meanwhile_is_not_written_over(path: Path) -> None:
    desk = CommentsDesk(opened(path))
    desk.put("C014", "Mine")
    assert desk.path is not None
    first = desk.path
    keep_comments(desk.comments.model_copy(update={"minutes": 50}), first)
    desk.put("C014", "Mine again")
    assert read_comments(first).minutes == 50
    assert desk.path == path.with_name("report_C014_2.comments.json")
    first.unlink()
    desk.path.unlink()
    desk.put("C014", "Taken away, and there again")
    assert len(read_comments(desk.path).comments) == 3

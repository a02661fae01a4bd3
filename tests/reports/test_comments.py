"""A supervisor's comments: written, kept, sealed, and read back with suspicion."""

import json
import os
import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notekeeper.domain.comments import MAX_COMMENT, MAX_COMMENTS, CommentsFile, SupervisorComment
from notekeeper.errors import NotekeeperError, ReportError, UsageError, WrongPassphraseError
from notekeeper.reports.comments import (
    MAX_COMMENTS_BYTES,
    comments_json,
    comments_of,
    keep_comments,
    read_comments,
    write_comments,
)
from notekeeper.reports.envelope import Seal, Secret, new_identity, opened, read_identities, sealed

WORDS = "otter velvet ladder quince"
SECRET = "CANARY-VALUE"
MADE = CommentsFile(
    report_sha256="ab" * 32,
    supervisor="Invented Supervisor",
    discussed_on=date(2026, 5, 14),
    minutes=60,
    comments=(
        SupervisorComment(ref="C014/risk", text="Ask again before the break.", action=True, until=date(2026, 5, 21)),
        SupervisorComment(ref="C014/theme/1", text="Whose no is it?\nYours or hers?"),
        SupervisorComment(ref="C014", text="Thank you for this page."),
    ),
    written_at=datetime(2026, 5, 14, 17, 30, tzinfo=UTC),
)

texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)
comments = st.builds(
    SupervisorComment,
    ref=st.sampled_from(
        ["C1", "C1/risk", "C1/theme/1", "C1/pattern/12", "a-b_c/part/2", "C1/question", "C1/question/2"]
    ),
    text=texts,
    action=st.booleans(),
    until=st.none() | st.dates(),
)


@given(st.lists(comments, max_size=8), texts, st.none() | st.integers(1, 600))
def test_what_is_written_is_read_back_whatever_was_typed(
    found: list[SupervisorComment], supervisor: str, minutes: int | None
) -> None:
    made = MADE.model_copy(update={"comments": tuple(found), "supervisor": supervisor, "minutes": minutes})
    raw = comments_json(made)
    assert comments_of(raw) == made
    assert raw.decode("ascii").replace("\n", "").isprintable()  # nothing in it acts on a terminal
    assert comments_json(comments_of(raw)) == raw


def test_a_new_file_is_private_and_overwrites_nothing(tmp_path: Path) -> None:
    first, second = (write_comments(MADE, tmp_path, "report_C014") for _ in range(2))
    assert [first.name, second.name] == ["report_C014.comments.json", "report_C014_2.comments.json"]
    assert read_comments(first) == read_comments(second) == MADE
    if os.name != "nt":
        assert first.stat().st_mode & 0o777 == 0o600
    with pytest.raises(ReportError, match="What you typed is still here"):
        write_comments(MADE, tmp_path / "nowhere", "report_C014")


def test_what_is_kept_again_is_whole_and_a_failure_leaves_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "report.comments.json"
    keep_comments(MADE, place)
    more = MADE.model_copy(update={"minutes": 90})
    keep_comments(more, place)
    assert read_comments(place) == more

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ReportError, match="No space left"):
        keep_comments(MADE, place)
    assert read_comments(place) == more
    assert list(tmp_path.iterdir()) == [place]


def changed(**fields: Any) -> bytes:
    return json.dumps({**json.loads(comments_json(MADE)), **fields}).encode()


NO_COMMENTS = {
    "nothing": b"",
    "no JSON": SECRET.encode(),
    "no UTF-8": b'{"format": "\xff"}',
    "a list": b"[]",
    "deep": b"[" * 100_000,
    "a report": changed(format="notekeeper-theme-report"),
    "a newer version": changed(format_version=2),
    "a version as text": changed(format_version="1"),
    "true for one": changed(format_version=True),
    "a field more": changed(note_text=SECRET),
    "no hash": changed(report_sha256=SECRET),
    "capital hash": changed(report_sha256="AB" * 32),
    "nought minutes": changed(minutes=0),
    "minutes as text": changed(minutes="60"),
    "too many minutes": changed(minutes=601),
    "a day that is none": changed(discussed_on="2026-02-30"),
    "a moment without a zone": changed(written_at="2026-05-14T17:30:00"),
    "a comment without words": changed(comments=[{"ref": "C014", "text": ""}]),
    "a comment too long": changed(comments=[{"ref": "C014", "text": "x" * (MAX_COMMENT + 1)}]),
    "a comment with more in it": changed(comments=[{"ref": "C014", "text": "x", "name": SECRET}]),
    "too many comments": changed(comments=[{"ref": "C014", "text": "x"}] * (MAX_COMMENTS + 1)),
    "a place that is none": changed(comments=[{"ref": f"C014/{SECRET}/1", "text": "x"}]),
    "theme nought": changed(comments=[{"ref": "C014/theme/0", "text": "x"}]),
    "a path": changed(comments=[{"ref": "../../etc/passwd", "text": "x"}]),
    "a break in a place": changed(comments=[{"ref": "C014\n/risk", "text": "x"}]),
    "twice the same": comments_json(MADE).replace(b'"minutes": 60', b'"minutes": 60, "minutes": 30'),
}


@pytest.mark.parametrize("raw", NO_COMMENTS.values(), ids=NO_COMMENTS.keys())
def test_what_is_not_exactly_a_file_of_comments_is_refused(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.comments.json"
    path.write_bytes(raw)
    with pytest.raises(ReportError) as refused:
        read_comments(path)
    assert SECRET not in str(refused.value)


def test_links_folders_and_giants_are_refused(tmp_path: Path) -> None:
    real = write_comments(MADE, tmp_path, "real")
    link = tmp_path / "link.comments.json"
    link.symlink_to(real)
    giant = tmp_path / "giant.comments.json"
    with giant.open("wb") as file:
        file.truncate(MAX_COMMENTS_BYTES + 1)
    for path, said in ((link, "link"), (tmp_path, "no such file"), (giant, "larger")):
        with pytest.raises(ReportError, match=said):
            read_comments(path)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_bytes_at_all_bring_more_than_a_refusal(data: st.DataObject) -> None:
    raw = bytearray(comments_json(MADE))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = comments_of(bytes(raw))
    except NotekeeperError:
        return
    assert isinstance(found, CommentsFile)


def test_a_sealed_file_opens_by_its_passphrase_and_not_by_another(tmp_path: Path) -> None:
    path = write_comments(MADE, tmp_path, "report_C014", Seal(passphrase=WORDS))
    assert path.name == "report_C014.comments.json.age"
    raw = path.read_bytes()
    assert b"C014" not in raw
    assert read_comments(path, Secret(passphrase=WORDS)) == MADE
    for secret in (None, Secret(), Secret(passphrase=WORDS + "x"), Secret(keys=(new_identity()[0],))):
        with pytest.raises(WrongPassphraseError):
            read_comments(path, secret)


def test_a_file_sealed_for_a_key_opens_by_that_key_and_by_age_itself(tmp_path: Path) -> None:
    keys = tmp_path / "key.txt"
    subprocess.run(["age-keygen", "-o", str(keys)], check=True, capture_output=True)
    public = subprocess.run(["age-keygen", "-y", str(keys)], check=True, capture_output=True, text=True).stdout.strip()
    path = write_comments(MADE, tmp_path, "report_C014", Seal(keys=(public,)))
    assert read_comments(path, Secret(keys=read_identities(keys))) == MADE
    with pytest.raises(WrongPassphraseError):
        read_comments(path, Secret(keys=(new_identity()[0],)))
    with pytest.raises(WrongPassphraseError, match="--identity"):
        read_comments(path, Secret(passphrase=WORDS))
    assert shutil.which("age"), "These tests open sealed files with age: please install the package age."
    out = subprocess.run(["age", "-d", "-i", str(keys), str(path)], check=True, capture_output=True).stdout
    assert comments_of(out) == MADE


def test_every_byte_of_a_sealed_file_counts() -> None:
    secret, public = new_identity()
    raw = sealed(b"x" * 300, Seal(keys=(public,)))
    for place in range(len(raw)):
        for bit in (0, 3, 7):
            bad = bytearray(raw)
            bad[place] ^= 1 << bit
            with pytest.raises(NotekeeperError):
                opened(bytes(bad), Secret(keys=(secret,)))
    for cut in range(len(raw)):
        with pytest.raises(NotekeeperError):
            opened(raw[:cut], Secret(keys=(secret,)))
    with pytest.raises(NotekeeperError):
        opened(raw + b"\n", Secret(keys=(secret,)))


def test_what_cannot_be_sealed_is_said() -> None:
    _, public = new_identity()
    for seal in (
        Seal(),
        Seal(keys=(public,), passphrase=WORDS),
        Seal(keys=("age1notakey",)),
        Seal(keys=("ssh-ed25519 AAAA",)),
        Seal(passphrase=new_identity()[0]),
    ):
        with pytest.raises(UsageError) as refused:
            sealed(b"x", seal)
        assert "AGE-SECRET-KEY" not in str(refused.value)
    assert WORDS not in repr(Seal(passphrase=WORDS)) + repr(Secret(passphrase=WORDS))


def test_a_file_that_asks_for_much_memory_is_refused_at_once() -> None:
    raw = sealed(b"x", Seal(passphrase=WORDS))
    header = raw.split(b"\n")[1]
    for asked in (b"21", b"22", b"40", b"255", b"-1", b"x"):
        bad = raw.replace(header, header.rpartition(b" ")[0] + b" " + asked, 1)
        with pytest.raises(ReportError, match="memory"):
            opened(bad, Secret(passphrase=WORDS))

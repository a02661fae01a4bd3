"""A signed bundle: the same ZIP each time, opened by age itself, and refused whole when it is anything else."""

import io
import os
import stat
import subprocess
import zipfile
from pathlib import Path

import pexpect
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notekeeper.errors import NotekeeperError, ReportError, UsageError, WrongPassphraseError
from notekeeper.reports.bundle import MAX_BUNDLE_BYTES, NAMES, open_bundle, pack, read_sealed, unpack, write_bundle
from notekeeper.reports.envelope import Seal, Secret, new_identity, read_identities, sealed

WORDS = "otter velvet ladder quince"
FILES = {
    "report.json": b'{"a": 1}\n',
    "report.html": b"<!doctype html>",
    "report.md": "Sitzung – Größe".encode(),
    "report.pdf": bytes(range(256)),
}


@given(st.lists(st.sampled_from(NAMES[1:]), unique=True), st.binary(max_size=400))
def test_the_same_files_are_the_same_bytes_in_whatever_order(names: list[str], content: bytes) -> None:
    files = dict.fromkeys(("report.json", *names), content)
    packed = pack(files)
    assert packed == pack(dict(reversed(files.items())))
    assert unpack(packed) == files


def test_age_opens_a_bundle_by_key_and_unzip_what_it_holds(tmp_path: Path) -> None:
    keys = tmp_path / "key.txt"
    subprocess.run(["age-keygen", "-o", str(keys)], check=True, capture_output=True)
    public = subprocess.run(["age-keygen", "-y", str(keys)], check=True, capture_output=True, text=True).stdout.strip()
    bundle = write_bundle(FILES, Seal(keys=(public,)), tmp_path, "report_C014")
    assert bundle.name == "report_C014.zip.age"
    if os.name != "nt":
        assert bundle.stat().st_mode & 0o777 == 0o600
    assert open_bundle(read_sealed(bundle), Secret(keys=read_identities(keys))) == FILES
    unsealed = tmp_path / "report.zip"
    subprocess.run(["age", "-d", "-i", str(keys), "-o", str(unsealed), str(bundle)], check=True)
    unzipped(unsealed, tmp_path / "out")


def test_age_opens_a_bundle_by_the_passphrase_typed(tmp_path: Path) -> None:
    bundle = write_bundle(FILES, Seal(passphrase=WORDS), tmp_path, "report_C014")
    unsealed = tmp_path / "report.zip"
    typing = pexpect.spawn("age", ["-d", "-o", str(unsealed), str(bundle)], timeout=60)
    typing.expect("assphrase")
    typing.sendline(WORDS)
    typing.expect(pexpect.EOF)
    typing.close()
    assert typing.exitstatus == 0
    unzipped(unsealed, tmp_path / "out")
    assert open_bundle(read_sealed(bundle), Secret(passphrase=WORDS)) == FILES
    with pytest.raises(WrongPassphraseError):
        open_bundle(read_sealed(bundle), Secret(passphrase=WORDS.title()))


def unzipped(archive: Path, folder: Path) -> None:
    subprocess.run(["unzip", "-q", str(archive), "-d", str(folder)], check=True)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == FILES


def test_a_taken_name_is_left_alone(tmp_path: Path) -> None:
    _, public = new_identity()
    first, second = (write_bundle(FILES, Seal(keys=(public,)), tmp_path, "r") for _ in range(2))
    assert [first.name, second.name] == ["r.zip.age", "r_2.zip.age"]
    assert first.read_bytes() != second.read_bytes()
    with pytest.raises(ReportError, match="could not be written"):
        write_bundle(FILES, Seal(keys=(public,)), tmp_path / "nowhere", "r")
    assert len(list(tmp_path.iterdir())) == 2


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes], how: int = zipfile.ZIP_STORED, note: bytes = b"") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        archive.comment = note
        for name, content in entries:
            archive.writestr(name, content)
    return made.getvalue()


def of_kind(name: str, kind: int) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.create_system, made.external_attr = 3, (kind | 0o600) << 16
    return made


def with_more(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.extra = b"\x99\x99\x04\x00abcd"
    return made


JSON = ("report.json", b"{}")
OTHERWISE = {
    "nothing": b"",
    "no ZIP": b"report",
    "an empty ZIP": zipped(),
    "no report": zipped(("report.html", b"x")),
    "another name": zipped(JSON, ("notes.txt", b"x")),
    "a nested path": zipped(JSON, ("a/report.html", b"x")),
    "a path upwards": zipped(JSON, ("../report.html", b"x")),
    "an absolute path": zipped(JSON, ("/report.html", b"x")),
    "another separator": zipped(JSON, ("a\\report.html", b"x")),
    "capitals": zipped(("REPORT.JSON", b"{}")),
    "a folder": zipped(JSON, ("report.html/", b"")),
    "a link": zipped(JSON, (of_kind("report.html", stat.S_IFLNK), b"/etc/passwd")),
    "a device": zipped(JSON, (of_kind("report.html", stat.S_IFCHR), b"")),
    "a bomb": zipped(JSON, ("report.html", b"\0" * 50_000_000), how=zipfile.ZIP_DEFLATED),
    "another compression": zipped(JSON, how=zipfile.ZIP_LZMA),
    "a remark": zipped(JSON, note=b"hidden words"),
    "a field more": zipped((with_more("report.json"), b"{}")),
    "something before it": b"MZ" + zipped(JSON),
    "something after it": zipped(JSON) + b"x",
    "cut short": zipped(JSON)[:-1],
    "a name cut by a NUL": zipped(JSON, ("report.html", b"x")).replace(b"report.html", b"report.\0tml"),
    "a part that is wrong": zipped(("report.json", b"{abcdefg}")).replace(b"{abcdefg}", b"{abcdefh}"),
}


@pytest.mark.parametrize("packed", OTHERWISE.values(), ids=OTHERWISE.keys())
def test_a_bundle_made_otherwise_is_refused_whole(packed: bytes) -> None:
    secret, public = new_identity()
    with pytest.raises(ReportError, match="nothing of it is shown"):
        open_bundle(sealed(packed, Seal(keys=(public,))), Secret(keys=(secret,)))


def test_a_name_that_stands_twice_is_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        packed = zipped(JSON, JSON)
    with pytest.raises(ReportError):
        unpack(packed)


@given(st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_bytes_at_all_bring_more_than_a_refusal(data: st.DataObject) -> None:
    packed = bytearray(pack(FILES))
    for _ in range(data.draw(st.integers(1, 6))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.none() | st.integers(0, len(packed)))
    try:
        files = unpack(bytes(packed[:cut]))
    except ReportError:
        return
    assert set(files) <= set(NAMES)


def test_any_bit_turned_and_any_end_cut_off_is_refused(tmp_path: Path) -> None:
    secret, public = new_identity()
    bundle = write_bundle(FILES, Seal(keys=(public,)), tmp_path, "r")
    raw = read_sealed(bundle)
    for place in range(len(raw)):
        bad = bytearray(raw)
        bad[place] ^= 1 << place % 8
        with pytest.raises(NotekeeperError):
            open_bundle(bytes(bad), Secret(keys=(secret,)))
    for cut in range(len(raw)):
        with pytest.raises(NotekeeperError):
            open_bundle(raw[:cut], Secret(keys=(secret,)))


def test_what_is_no_bundle_is_said(tmp_path: Path) -> None:
    bundle = tmp_path / "r.zip.age"
    bundle.write_bytes(b"PK\x03\x04 not sealed")
    link = tmp_path / "link.zip.age"
    link.symlink_to(bundle)
    giant = tmp_path / "giant.zip.age"
    with giant.open("wb") as file:
        file.truncate(MAX_BUNDLE_BYTES + 1)
    for path, said in ((bundle, "whatever its name"), (link, "link"), (tmp_path, "no such file"), (giant, "larger")):
        with pytest.raises(ReportError, match=said):
            read_sealed(path)


def test_what_cannot_be_bundled_is_said() -> None:
    for files in ({}, {"report.html": b"x"}, {**FILES, "notes.txt": b"x"}, {**FILES, "../report.json": b"x"}):
        with pytest.raises(UsageError):
            pack(files)
    with pytest.raises(UsageError, match="59 MB"):
        pack({**FILES, "report.pdf": bytes(MAX_BUNDLE_BYTES)})

"""What is written is what was approved, and a file of it with any byte changed is none of it any more."""

import json
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from notekeeper.domain.consent import Answer, Purpose
from notekeeper.domain.report import RISK_NOT_INCLUDED
from notekeeper.domain.vault import Vault
from notekeeper.errors import (
    AgreementMissingError,
    NotReadyError,
    ReportError,
    UsageError,
    WeakPassphraseError,
    WrongPassphraseError,
)
from notekeeper.isolation.private import write_private
from notekeeper.reports import placing
from notekeeper.reports.bundle import open_bundle, pack, read_sealed
from notekeeper.reports.envelope import Seal, Secret, new_identity, sealed
from notekeeper.reports.files import Beside, check_beside, read_report
from notekeeper.services import approving_files
from notekeeper.services.approving import Approved
from notekeeper.services.approving_files import KINDS, approved_reports, check_file, write
from notekeeper.services.consent import record_agreement
from notekeeper.services.reporting import report_text
from tests.approving.invented import add_client, approved_of, four_clients, written_in
from tests.vault.invented import Sealed

PASSPHRASE = "gravel otter seventeen lighthouse"


@dataclass
class Written:
    """An approved report of two clients, every file of it and two bundles."""

    vault: Vault
    approved: Approved
    paths: dict[str, Path]
    by_key: Path
    by_passphrase: Path
    secret: Secret
    room: Path

    def changed(self, path: Path, content: bytes) -> Path:
        """A file of the same name elsewhere, with this content."""
        made = self.room / path.name
        made.write_bytes(content)
        return made


@pytest.fixture(scope="module")
def written(first: Sealed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    folder = tmp_path_factory.mktemp("written")
    (folder / "vault").mkdir()
    (folder / "room").mkdir()
    shutil.copytree(first.path, folder / "vault" / "practice.vault")
    vault = Sealed(folder / "vault" / "practice.vault", first.recovery_key).open()
    approved = approved_of(vault, add_client(vault), add_client(vault, "C015", "Waiting rooms"))
    paths = write(vault, approved, folder / "report", KINDS)
    secret, public = new_identity()
    by_key = write(vault, approved, folder / "report", KINDS, Seal(keys=(public,)))["bundle"]
    by_passphrase = write(vault, approved, folder / "words", seal=Seal(passphrase=PASSPHRASE))["bundle"]
    yield Written(vault, approved, paths, by_key, by_passphrase, Secret(keys=(secret,)), folder / "room")
    vault.close()


@pytest.mark.line(6)
def test_the_bytes_are_the_approved_ones_private_and_known_again(written: Written) -> None:
    assert {ending: path.read_bytes() for ending, path in written.paths.items()} == dict(
        written.approved.prepared.files
    )
    for ending, path in written.paths.items():
        if os.name == "posix":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        found = check_file(written.vault, path)
        assert (found.kind, [client.code for client in found.clients]) == (ending, ["C014", "C015"])
        assert found.approved_at == written.approved.at
    report = read_report(written.paths["json"])
    assert report.sha256 == written.approved.prepared.digest
    assert set(check_beside(written.paths["json"], report).values()) == {Beside.AS_SEALED}


def test_a_bundle_holds_the_approved_bytes_and_is_known_without_its_key(written: Written) -> None:
    files = written.approved.prepared.files
    inside = open_bundle(read_sealed(written.by_key), written.secret)
    assert inside == {f"report.{ending}": content for ending, content in files.items()}
    inside = open_bundle(read_sealed(written.by_passphrase), Secret(passphrase=PASSPHRASE))
    assert inside == {f"report.{ending}": files[ending] for ending in ("json", "html")}
    for path in (written.by_key, written.by_passphrase):
        assert path.name.endswith(".zip.age")
        found = check_file(written.vault, path)
        assert (found.kind, [client.code for client in found.clients]) == ("bundle", ["C014", "C015"])
        assert found.written_at


def test_a_bundle_sealed_elsewhere_is_judged_by_what_is_in_it(written: Written) -> None:
    content = open_bundle(read_sealed(written.by_key), written.secret)
    again = written.changed(written.by_key, sealed(pack(content), Seal(passphrase=PASSPHRASE)))
    with pytest.raises(ReportError, match="sealed elsewhere"):
        check_file(written.vault, again)
    assert check_file(written.vault, again, Secret(passphrase=PASSPHRASE)).approved_at == written.approved.at
    with pytest.raises(WrongPassphraseError):
        check_file(written.vault, again, Secret(passphrase="something else"))
    content["report.html"] += b" "
    other = written.changed(written.by_key, sealed(pack(content), Seal(passphrase=PASSPHRASE)))
    with pytest.raises(ReportError, match="not, byte for byte"):
        check_file(written.vault, other, Secret(passphrase=PASSPHRASE))


@pytest.mark.line(6)
@given(data=st.data())
def test_any_byte_of_any_file_changed_is_refused(written: Written, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([*written.paths.values(), written.by_key]), label="file")
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1), label="place")
    content[place] ^= data.draw(st.integers(1, 255), label="change")
    changed = written.changed(path, bytes(content))
    for secret in (None, written.secret):
        with pytest.raises((ReportError, WrongPassphraseError)):
            check_file(written.vault, changed, secret)
    if path == written.by_key:
        with pytest.raises((ReportError, WrongPassphraseError)):
            open_bundle(read_sealed(changed), written.secret)
    elif path == written.paths["json"]:
        with pytest.raises(ReportError):
            read_report(changed)
    else:
        beside = written.changed(written.paths["json"], written.paths["json"].read_bytes())
        assert check_beside(beside, read_report(beside))[path.suffix.removeprefix(".")] is Beside.CHANGED


@given(data=st.data())
def test_a_file_that_is_longer_or_shorter_is_refused(written: Written, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([*written.paths.values(), written.by_key]), label="file")
    content = path.read_bytes()
    place = data.draw(st.integers(0, len(content) - 1), label="place")
    more = data.draw(st.binary(min_size=1, max_size=4), label="more")
    for other in (content[:place], content[:place] + more + content[place:], content[:place] + content[place + 1 :]):
        if other != content:
            with pytest.raises((ReportError, WrongPassphraseError)):
                check_file(written.vault, written.changed(path, other), written.secret)


def test_no_file_is_written_over_and_only_what_was_asked_for_is_written(vault: Vault, tmp_path: Path) -> None:
    approved = approved_of(vault, add_client(vault))
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "mine.html").write_text("kept")
    first, second = write(vault, approved, folder / "mine"), write(vault, approved, folder / "mine", ("pdf",))
    assert written_in(folder) == ["mine.html", "mine_2.html", "mine_2.json", "mine_3.json", "mine_3.pdf"]
    assert set(first) == {"json", "html"}
    assert set(second) == {"json", "pdf"}
    assert (folder / "mine.html").read_text() == "kept"
    with pytest.raises(UsageError):
        write(vault, approved, folder, ("docx",))


def test_writing_is_in_each_clients_log(vault: Vault, tmp_path: Path) -> None:
    one, two = add_client(vault), add_client(vault, "C015")
    write(vault, approved_of(vault, one, two), tmp_path / "report")
    written = [each for each in vault.log.entries() if each.event == "report.written"]
    assert [each.client_id for each in written] == [one.id, two.id]
    assert vault.verify().problems == ()


def test_what_cannot_be_read_back_as_it_was_approved_is_taken_away(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved, folder = approved_of(vault, add_client(vault)), tmp_path / "out"
    folder.mkdir()

    def failing(path: Path, content: bytes) -> None:
        write_private(path, content[:-1] if path.suffix == ".html" else content)

    monkeypatch.setattr("notekeeper.reports.placing.write_private", failing)
    with pytest.raises(ReportError, match="could not be read back"):
        write(vault, approved, folder)
    assert written_in(folder) == []
    assert not [each for each in vault.log.entries() if each.event == "report.written"]


def test_withdrawn_or_moved_after_approval_nothing_is_written(vault: Vault, tmp_path: Path) -> None:
    one, two = add_client(vault), add_client(vault, "C015")
    withdrawn, moved = approved_of(vault, one), approved_of(vault, two)
    record_agreement(vault, one, Purpose.SUPERVISION, Answer.WITHDRAWN, how="asked in session")
    vault.notes.move(vault.notes.of_client(two.id)[0].id, one.id)
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(AgreementMissingError):
        write(vault, withdrawn, folder)
    with pytest.raises(NotReadyError):
        write(vault, moved, folder)
    assert written_in(folder) == []


@pytest.mark.parametrize(
    ("seal", "error"),
    [
        (Seal(), UsageError),
        (Seal(passphrase="password1"), WeakPassphraseError),
        (Seal(keys=("age1nothing",)), UsageError),
        (Seal(keys=("AGE-SECRET-KEY-1QQ",)), UsageError),
    ],
)
def test_a_weak_or_wrong_seal_writes_nothing(vault: Vault, tmp_path: Path, seal: Seal, error: type[Exception]) -> None:
    approved, folder = approved_of(vault, add_client(vault)), tmp_path / "out"
    folder.mkdir()
    with pytest.raises((error, WeakPassphraseError)):
        write(vault, approved, folder, KINDS, seal)
    assert written_in(folder) == []


def test_a_bundle_named_in_full_has_its_ending_once(vault: Vault, tmp_path: Path) -> None:
    approved = approved_of(vault, add_client(vault))
    seal = Seal(passphrase=PASSPHRASE)
    assert write(vault, approved, tmp_path / "for-her.zip.age", seal=seal)["bundle"].name == "for-her.zip.age"
    assert write(vault, approved, tmp_path / "for-her", seal=seal)["bundle"].name == "for-her_2.zip.age"


def test_a_file_of_another_vault_a_link_and_a_missing_one_are_refused(written: Written, tmp_path: Path) -> None:
    stranger = written.changed(tmp_path / "stranger.json", b"{}")
    link = tmp_path / "link.json"
    link.symlink_to(written.paths["json"])
    for path in (stranger, link, tmp_path / "missing.json", tmp_path):
        with pytest.raises(ReportError):
            check_file(written.vault, path)


def test_what_was_approved_is_listed_by_client_and_in_order(vault: Vault) -> None:
    one, two, *_ = four_clients(vault)
    first, second = approved_of(vault, one), approved_of(vault, one, two)
    listed = approved_reports(vault)
    assert [(each.client.code, each.files["json"]) for each in listed] == [
        (one.code, first.prepared.digest),
        (one.code, second.prepared.digest),
        (two.code, second.prepared.digest),
    ]
    assert [each.client.code for each in approved_reports(vault, two)] == [two.code]


def test_the_quiet_report_opens_every_clients_page_with_not_included_in_every_form(
    vault: Vault, tmp_path: Path
) -> None:
    clients = [add_client(vault, code, "Saying no", risk="She counted tablets.") for code in ("C014", "C015")]
    approved = approved_of(vault, *clients)
    paths = write(vault, approved, tmp_path / "quiet", KINDS)
    texts = {
        "html": paths["html"].read_text(encoding="utf-8"),
        "md": paths["md"].read_text(encoding="utf-8"),
        "pdf": "\n".join(page.extract_text() for page in PdfReader(paths["pdf"]).pages),
        "text": report_text(approved.prepared.document),
        "spoken": report_text(approved.prepared.document, None),
    }
    for form, text in texts.items():
        assert "tablets" not in text, form
        assert "disclosed" not in text.casefold(), form
        flat = " ".join(text.replace("\\", "").split())
        assert flat.count("NOT INCLUDED") >= 2, form
        at = flat.index("NOT INCLUDED")
        assert at < flat.index("Saying no"), form
    assert RISK_NOT_INCLUDED in texts["text"]
    pages = json.loads(paths["json"].read_bytes())["pages"]
    assert [next(iter(page)) for page in pages] == ["risk", "risk"]
    assert all(page["risk"] == {"included": False, "last_asked": None, "entries": []} for page in pages)


def test_the_same_names_as_the_report_package_are_used() -> None:
    assert {approving_files.ALWAYS, *KINDS} == set(placing.ENDINGS)

"""What the documents say is what is there: commands, options, exit codes, links, and no trace of another machine.

Owns: the documents as promises. They are read from the working tree; nothing is run but the reader of a vault that
docs/file-formats.md prints, on an invented vault.
"""

import getpass
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from notekeeper import errors
from notekeeper.bootstrap import catalogue, create_vault
from notekeeper.cli import UNEXPECTED, cli
from notekeeper.errors import NotekeeperError
from notekeeper.vault.log import OWN_EVENTS

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = (ROOT / "docs/command-line.md").read_text(encoding="utf-8")
FORMATS = (ROOT / "docs/file-formats.md").read_text(encoding="utf-8")
PASSPHRASE = "copper lantern orchard violin"
# Indexes of packages that README names for those who want no compiler; every other address of one stays out.
NAMED_INDEXES = ("https://download.pytorch.org/whl/cpu", "https://abetlen.github.io/llama-cpp-python/whl/cpu")


def tree(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by its name as typed."""
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from tree(inner, (*path, name))
    else:
        yield " ".join(path), command


def sections() -> dict[str, str]:
    """What docs/command-line.md says of each command."""
    parts = re.split(r"^### `notekeeper ([^`]+)`\n", COMMANDS, flags=re.MULTILINE)[1:]
    return {
        name: re.split(r"^## ", told, flags=re.MULTILINE)[0] for name, told in zip(parts[::2], parts[1::2], strict=True)
    }


def tracked() -> list[Path]:
    """The text files that a clone holds, and those that would be added now."""
    listing = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    try:
        names = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    except (OSError, subprocess.CalledProcessError):  # an unpacked sdist
        names = [p.relative_to(ROOT).as_posix() for p in ROOT.rglob("*") if ".venv" not in p.parts]
    binary = {".npz", ".gguf", ".safetensors", ".pyc", ".png"}
    return [p for name in names if name and (p := ROOT / name).is_file() and p.suffix not in binary]


def test_every_command_is_described_and_every_described_one_exists() -> None:
    assert sorted(sections()) == sorted(name for name, _ in tree(cli))


def test_every_option_stands_with_its_command() -> None:
    told = sections()
    shared = {"--json", "--date", "--kind", "--format"}  # described once, above their commands
    missing = {
        f"{name} {option}"
        for name, command in tree(cli)
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--") and option not in shared and f"`{option}" not in told.get(name, "")
    }
    assert missing == set()
    assert all(f"`{option}" in COMMANDS for parameter in cli.params for option in parameter.opts)


def test_no_option_is_described_that_no_command_has() -> None:
    known = {option for _, command in tree(cli) for parameter in command.params for option in parameter.opts}
    known |= {option for parameter in cli.params for option in parameter.opts} | {"--help", "-h"}
    assert set(re.findall(r"`(--[a-z-]+)", COMMANDS)) <= known


def test_every_exit_code_is_listed_once_and_under_its_name() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, NotekeeperError)]
    listed = {(int(code), name) for code, name in re.findall(r"^\| (\d+) \| (\w*) ?\|", COMMANDS, flags=re.MULTILINE)}
    ours = {(kind.exit_code, kind.__name__) for kind in kinds}
    assert len({code for code, _ in listed}) == len(listed)
    assert {one for one in listed if one[1]} == ours
    assert {code for code, name in listed if not name} == {0, UNEXPECTED, 129, 130, 141}


def test_commands_printed_in_the_documents_exist() -> None:
    names = {name for name, _ in tree(cli)}
    groups = {name.split()[0] for name in names if " " in name}
    wrong = set()
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        blocks = re.findall(r"^```\n(.*?)^```", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        for line in re.findall(r"^notekeeper (.*)$", "".join(blocks), flags=re.MULTILINE):
            words = re.sub(r"^((--vault|--passphrase-fd) \S+ )+", "", line).split()
            name = " ".join(words[:2]) if words[0] in groups else words[0]
            if name not in names and not name.startswith("COMMAND"):
                wrong.add(f"{path.name}: {line}")
    assert wrong == set()


def test_links_lead_somewhere() -> None:
    dead = set()
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "models" / "starter").rglob("*.md")):
        for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
            if re.match(r"[a-z]+://", target):
                continue
            name, _, part = target.partition("#")
            aim = (path.parent / name).resolve() if name else path
            if not aim.exists() or (part and part not in anchors(aim)):
                dead.add(f"{path.name}: {target}")
    assert dead == set()


def anchors(path: Path) -> set[str]:
    """The anchors that a reader of Markdown makes of a file's headings."""
    heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_every_table_and_every_event_of_the_log_is_described() -> None:
    steps = (ROOT / "src/notekeeper/vault/schema").glob("*.sql")
    made = r"^CREATE (?:VIRTUAL )?TABLE (\w+)"
    tables = {name for path in steps for name in re.findall(made, path.read_text(encoding="utf-8"), flags=re.MULTILINE)}
    assert {name for name in tables if f"| `{name}` |" not in FORMATS} == set()
    assert {event for event in OWN_EVENTS if f"`{event}`" not in FORMATS} == set()


def test_every_model_one_can_choose_is_in_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {
        entry.name for entry in catalogue().model if entry.tier == "general" and f"`{entry.name}`" not in readme
    } == set()


def test_no_path_of_another_machine_and_no_other_package_index() -> None:
    home = r"/home/\w|/Users/\w|[A-Z]:\\Users\\|/" + r"root/|/" + r"work/"
    index = r"(?:--(?:extra-)?index-url|--find-links|PIP_(?:EXTRA_)?INDEX_URL)[ =:]+\"?(?=https?:)|https?://[^\s\"')]*/simple\b"
    wrong = set()
    for path in tracked():
        text = path.read_text(encoding="utf-8", errors="replace")
        for named in NAMED_INDEXES:
            text = text.replace(named, "")
        if re.search(home, text) or re.search(index, text):
            wrong.add(path.relative_to(ROOT).as_posix())
    assert wrong == set()


def test_the_reader_in_the_documents_reads_a_vault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    vault, _ = create_vault(tmp_path / "invented.vault", PASSPHRASE)
    client = vault.clients.add("C001")
    head = vault.log.head()
    vault.close()
    assert client.code == "C001"
    blocks = re.findall(r"^```python\n(.*?)^```", FORMATS, flags=re.MULTILINE | re.DOTALL)
    monkeypatch.setattr(sys, "argv", ["read_vault.py", str(tmp_path / "invented.vault")])
    monkeypatch.setattr(getpass, "getpass", lambda: PASSPHRASE)
    assert len(blocks) == 1
    exec(compile(blocks[0], "docs/file-formats.md", "exec"), {})  # noqa: S102 - our own document
    assert capsys.readouterr().out.splitlines()[-1] == f"head of the log {head}"

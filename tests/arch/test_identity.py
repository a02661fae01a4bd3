"""Who a code stands for goes nowhere: what drafts, follows patterns or reports has no way to it."""

import ast
from pathlib import Path

import pytest

from tests.arch.test_callers import SOURCE

KEPT_FROM = (
    *sorted((SOURCE / "drafting").rglob("*.py")),
    *sorted((SOURCE / "engine").rglob("*.py")),
    *sorted((SOURCE / "patterns").rglob("*.py")),
    *sorted((SOURCE / "evaluation").rglob("*.py")),
    *sorted((SOURCE / "reports").rglob("*.py")),
    *sorted((SOURCE / "services").glob("*draft*.py")),
    *sorted((SOURCE / "services").glob("*report*.py")),
    SOURCE / "services" / "consent.py",
    SOURCE / "services" / "patterns.py",
    SOURCE / "tui" / "room.py",
)
_MODULES = {"notekeeper.domain.identity", "notekeeper.vault.identities", "notekeeper.services.identity"}


def ways_to_it(source: str) -> set[str]:
    """Imports of the modules that hold an identity, and the vault's own place for it."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.ImportFrom(module=str(module)) | ast.alias(name=module) if module in _MODULES:
                found.add(module)
            case ast.Attribute(value=ast.Name(id="vault") | ast.Attribute(attr="vault"), attr="identities"):
                found.add("vault.identities")
    return found


@pytest.mark.parametrize("path", KEPT_FROM, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_what_drafts_or_reports_has_no_way_to_an_identity(path: Path) -> None:
    assert ways_to_it(path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize("source", ["self.vault.identities.of(1)", "import notekeeper.services.identity as x"])
def test_a_way_is_found_however_it_is_written(source: str) -> None:
    assert ways_to_it(source)

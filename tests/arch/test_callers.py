"""Who may hand out permits and genuine sign-offs.

Owns: two doors that types alone cannot hold shut. A permit for a client comes only from the consent service, which has
looked at the agreement; a stored sign-off is genuine only after the vault has verified it; and nobody reaches for the
seals behind both.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "notekeeper"


def names_in(source: str) -> Iterator[str]:
    """Every name that the code mentions: read, imported under any alias, or as an attribute."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
                yield name
            case ast.Constant(value=str(text)) if text.isidentifier():
                yield text  # getattr(module, "name")


def mentioning(name: str) -> set[str]:
    """The modules, by path from src/notekeeper, that mention a name."""
    paths = SOURCE.rglob("*.py")
    return {p.relative_to(SOURCE).as_posix() for p in paths if name in names_in(p.read_text(encoding="utf-8"))}


def test_only_the_consent_service_makes_a_permit_for_a_client() -> None:
    assert mentioning("permit_for_client") == {"services/consent.py"}
    assert mentioning("permit_for_patterns") == {"services/consent.py"}


def test_signed_patterns_come_from_a_review_that_is_ready_or_from_the_vault() -> None:
    assert mentioning("concluded_patterns") == {"domain/pattern_review.py"}
    assert mentioning("restored_patterns") == {"vault/pattern_signoffs.py"}


def test_only_the_vault_restores_a_signed_review() -> None:
    callers = mentioning("restored")
    assert callers
    assert all(caller.startswith("vault/") for caller in callers)


def test_the_seals_stay_where_they_are_made() -> None:
    made_in = {"domain/consent.py", "domain/pattern.py", "domain/review.py", "services/approving.py"}
    assert mentioning("_SEAL") == made_in


@pytest.mark.parametrize(
    "source",
    [
        "from notekeeper.domain.consent import permit_for_client as harmless",
        "import notekeeper.domain.consent as c\nc.permit_for_client(1, None)",
        "getattr(c, 'permit_for_client')",
        "make = permit_for_client",
    ],
)
def test_a_mention_is_found_however_it_is_written(source: str) -> None:
    assert "permit_for_client" in names_in(source)

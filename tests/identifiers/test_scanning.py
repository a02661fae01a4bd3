"""What a report would give away: known spellings, spans that only look like one, and what a file holds beside."""

from notekeeper.domain.identifiers import Hit, Identifier, IdentifierType
from notekeeper.evaluation.identifiers_report import invented_report
from notekeeper.identifiers.fields import FieldText, texts_of
from notekeeper.identifiers.own_words import counts_and_days, own_words
from notekeeper.identifiers.scanning import FileText, Scanner, scan

REPORT = invented_report(["C001", "C002"])


def hits(
    *texts: str, known: tuple[tuple[str, Identifier], ...] = (), files: tuple[FileText, ...] = ()
) -> tuple[Hit, ...]:
    fields = [FieldText("C001", f"C001, theme {n}", "label", text) for n, text in enumerate(texts, start=1)]
    return scan(Scanner(known, own_words(REPORT), counts_and_days(REPORT)), fields, files)


def test_one_spelling_is_one_hit_with_all_its_places() -> None:
    (hit,) = hits("told Priya", "and PRIYA again", "nothing")
    assert (hit.found, hit.known, hit.client) == ("Priya", "", "C001")
    assert hit.where == ("C001, theme 1", "C001, theme 2")


def test_an_ordinary_word_in_small_letters_is_a_hit_of_its_own() -> None:
    will = (("C001", Identifier(text="Will", type=IdentifierType.PERSON)),)
    assert [(hit.found, hit.near) for hit in hits("told Will", "he will, he will", known=will)] == [
        ("Will", False),
        ("will", True),
    ]


def test_a_name_that_only_another_client_has_is_a_hit_of_that_client() -> None:
    known = tuple((code, Identifier(text="Priya", type=IdentifierType.PERSON)) for code in ("C002", "C003"))
    assert [hit.client for hit in hits("told Priya", known=known)] == ["C002"]
    assert [hit.client for hit in hits("told Priya", known=(*known, ("C001", known[0][1])))] == ["C001"]


def test_days_of_the_week_counts_of_sessions_and_the_therapist_are_not_asked_about() -> None:
    assert hits("quarrels on Monday", "noted in 3 of 8 sessions (2, 4, 7)", "what P. Invented avoids", "see C002") == ()


def test_the_invented_report_gives_nothing_away() -> None:
    assert scan(Scanner((), own_words(REPORT)), texts_of(REPORT), ()) == ()


def test_what_a_file_holds_beside_its_fields_is_found_and_named_by_the_file() -> None:
    own = FileText("report.html", "Client C001, 5 January 2026, page 2: fear")
    assert hits("fear", files=(own,)) == ()
    more = FileText("report.pdf", "fear, made on the laptop of Zbigniew, 14 March 2025")
    assert [(hit.found, hit.where) for hit in hits("fear", files=(own, more))] == [
        ("Zbigniew", ("report.pdf",)),
        ("14 March 2025", ("report.pdf",)),
    ]

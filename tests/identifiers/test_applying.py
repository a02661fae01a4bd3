"""What a decision covers, and what then stands in a report: in every text of it, as whole words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notekeeper.domain.identifiers import Identifier, IdentifierDecision, IdentifierType, Treatment
from notekeeper.domain.report import ReportDocument
from notekeeper.evaluation.identifiers_planting import Variant, planted, stands_in, variants
from notekeeper.evaluation.identifiers_report import invented_report
from notekeeper.identifiers.applying import Decided, apply
from notekeeper.identifiers.fields import texts_of
from notekeeper.identifiers.own_words import own_words
from notekeeper.identifiers.scanning import Scanner

PRIYA = Identifier(text="Priya Rao", type=IdentifierType.PERSON)


def replace(found: str, instead: str = "[sister]") -> IdentifierDecision:
    return IdentifierDecision(found=found, treatment=Treatment.REPLACE, instead=instead)


def keep(found: str) -> IdentifierDecision:
    return IdentifierDecision(found=found, treatment=Treatment.KEEP, reason="in the papers anyway")


def carried_out(text: str, *decisions: IdentifierDecision, known: tuple[Identifier, ...] = (PRIYA,)) -> str:
    document = invented_report(["C001"])
    page = document.pages[0].model_copy(update={"question": text})
    decided = Decided({"C001": decisions}, [("C001", one) for one in known])
    made = apply(document.model_copy(update={"pages": (page,)}), decided, decided.scanner(own_words(document)))
    return made.pages[0].question


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("told Priya twice", "told [sister] twice"),
        ("Priya's sister, PRIYA, Pria and Rao", "[sister]'s sister, [sister], [sister] and [sister]"),
        ("Priya Rao’s letter", "[sister]’s letter"),
        ("Pri\u200bya", "[sister]"),
        ("priyanka stays", "priyanka stays"),
    ],
)
def test_a_replacement_covers_every_spelling_of_the_identifier(text: str, made: str) -> None:
    assert carried_out(text, replace("Priya")) == made


def test_a_keep_covers_its_own_spelling_alone() -> None:
    assert carried_out("Priya and Rao", keep("Rao"), replace("Priya")) == "[sister] and Rao"
    assert carried_out("Priya and Rao", replace("Priya"), keep("Rao")) == "[sister] and Rao"
    assert carried_out("Priya and Rao", keep("Priya")) == "Priya and Rao"


def test_the_newest_decision_on_a_spelling_stands() -> None:
    assert carried_out("told Priya", keep("Priya"), replace("Priya")) == "told [sister]"
    assert carried_out("told Priya", replace("Priya"), keep("Priya")) == "told Priya"


def test_what_was_decided_without_being_on_the_list_is_replaced_in_every_spelling() -> None:
    made = carried_out("whitby, WHITBY and Whtiby", replace("Whitby", "a town by the sea"), known=())
    assert made == "a town by the sea, a town by the sea and a town by the sea"


def test_an_ordinary_word_in_small_letters_is_replaced_only_by_a_decision_on_itself() -> None:
    will = Identifier(text="Will", type=IdentifierType.PERSON)
    text = "Will will come"
    assert carried_out(text, replace("Will", "[name]"), known=(will,)) == "[name] will come"
    assert carried_out(text, replace("will", "may"), known=(will,)) == "Will may come"
    assert carried_out("he said yes", replace("yes", "no"), known=()) == "he said no"


def test_an_age_is_replaced_where_it_is_one() -> None:
    made = carried_out("She is 36, in session 36 of 40.", replace("36", "in her thirties"), known=())
    assert made == "She is in her thirties, in session 36 of 40."


def test_a_name_of_another_client_is_replaced_by_what_was_decided_for_that_client() -> None:
    document = invented_report(["C001", "C002"])
    pages = tuple(page.model_copy(update={"question": "told Priya"}) for page in document.pages)
    decided = Decided({"C001": [replace("Priya")], "C002": []}, [("C001", PRIYA)])
    made = apply(document.model_copy(update={"pages": pages}), decided, decided.scanner())
    assert [page.question for page in made.pages] == ["told [sister]", "told [sister]"]


def test_what_one_client_decided_of_an_unlisted_word_is_not_carried_to_another_page() -> None:
    document = invented_report(["C001", "C002"])
    pages = tuple(page.model_copy(update={"question": "back from Whitby"}) for page in document.pages)
    document = document.model_copy(update={"pages": pages})
    for theirs in ([], [keep("Whitby")]):
        decided = Decided({"C001": [replace("Whitby", "the coast")], "C002": theirs}, [])
        made = apply(document, decided, decided.scanner())
        assert [page.question for page in made.pages] == ["back from the coast", "back from Whitby"]


def test_a_name_that_two_clients_have_is_kept_on_the_page_of_the_one_that_keeps_it() -> None:
    document = invented_report(["C001", "C002"])
    pages = tuple(page.model_copy(update={"question": "told Priya"}) for page in document.pages)
    document = document.model_copy(update={"pages": pages})
    decided = Decided({"C001": [replace("Priya")], "C002": [keep("Priya")]}, [("C001", PRIYA)])
    made = apply(document, decided, decided.scanner())
    assert [page.question for page in made.pages] == ["told [sister]", "told Priya"]


def test_every_text_of_a_report_is_reached_and_nothing_else_is_changed() -> None:
    document = invented_report(["C001", "C002"])
    count = len(texts_of(document))
    known = [("C001", Identifier(text="Zbigniew", type=IdentifierType.PERSON))]
    full = planted(document, [Variant(known[0][1], "whole", "Zbigniew")] * count)
    assert sum("Zbigniew" in text.text for text in texts_of(full)) == count
    decided = Decided({"C001": [replace("Zbigniew")]}, known)
    made = apply(full, decided, decided.scanner(own_words(full)))
    assert "Zbigniew" not in made.model_dump_json()
    assert made.model_dump_json().count("[sister]") == count
    assert [page.client_code for page in made.pages] == ["C001", "C002"]
    assert (made.therapist, made.log_head, made.made_at) == (full.therapist, full.log_head, full.made_at)


def test_a_report_of_nothing_decided_stays_as_it_is() -> None:
    document = invented_report(["C001"])
    assert apply(document, Decided({}, []), Scanner(())) == document


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 10_000))
def test_after_replacing_no_variant_stands_in_any_text(seed: int) -> None:
    chosen = variants(14, seed)
    document: ReportDocument = planted(invented_report(["C001"]), chosen)
    known = list({one.identifier.text: ("C001", one.identifier) for one in chosen}.values())
    scanner = Scanner(known, own_words(document))
    hits = [one.hit for text in texts_of(document) for one in scanner.in_field(text)]
    decided = Decided({"C001": [replace(hit.found, "[left out]") for hit in hits]}, known)
    made = apply(document, decided, decided.scanner(own_words(document)))
    for one in chosen:
        assert not any(stands_in(one.text, text.text) for text in texts_of(made)), (one.sort, one.text)

"""The rehearsal of a report on a real vault: planted variants, other files than expected, remembered decisions."""

from datetime import date

import deid_eval
import pytest

from notekeeper.domain.identifiers import IdentifierType, Treatment
from notekeeper.domain.identity import Identity
from notekeeper.domain.review import Signer
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.vault import Vault
from notekeeper.errors import ReportError
from notekeeper.evaluation.identifiers_report import invented_report
from notekeeper.reports.render import render
from notekeeper.services.identifiers import (
    add_identifier,
    apply_decisions,
    decide,
    look_through,
    rare_themes,
    rehearse,
)
from notekeeper.services.identity import SHOWN
from notekeeper.services.reviewing import FinishForm, OwnThemeForm, finish
from notekeeper.services.signing import sign
from notekeeper.services.writing import add_note
from tests.forms import LONG


def test_no_planted_variant_is_left_in_final_bytes_unless_a_decision_keeps_it(vault: Vault) -> None:
    done = deid_eval.plant(vault, 500 if LONG else 21, deid_eval.SEED, entries=60)
    assert done.planted == done.found
    assert done.left == ()
    assert done.undecided == 0
    assert done.kept > 0


def test_an_earlier_decision_is_remembered_and_only_new_hits_are_asked(vault: Vault) -> None:
    client = vault.clients.add("C001")
    document = invented_report(["C001"])
    page = document.pages[0].model_copy(update={"question": "What of Priya, and of Whitby?"})
    document = document.model_copy(update={"pages": (page,)})
    first = rehearse(vault, [client], document, render(document))
    assert [hit.found for hit in first.undecided] == ["Priya", "Whitby"]
    assert {hit.where for hit in first.undecided} == {("C001, question",)}
    decide(vault, client, "Priya", Treatment.REPLACE, instead="her sister")
    decide(vault, client, "Whitby", Treatment.KEEP, reason="a town of thousands")
    made = apply_decisions(vault, [client], document)
    assert made.pages[0].question == "What of her sister, and of Whitby?"
    again = rehearse(vault, [client], made, render(made))
    assert again.undecided == ()
    assert [(hit.found, decision.reason) for hit, decision in again.decided] == [("Whitby", "a town of thousands")]


def test_what_was_to_be_replaced_and_is_still_there_is_not_decided(vault: Vault) -> None:
    client = vault.clients.add("C001")
    decide(vault, client, "Priya", Treatment.REPLACE)
    document = invented_report(["C001"])
    page = document.pages[0].model_copy(update={"question": "What of Priya?"})
    document = document.model_copy(update={"pages": (page,)})
    assert [hit.found for hit in rehearse(vault, [client], document, render(document)).undecided] == ["Priya"]


def test_a_name_that_only_a_file_holds_is_found(vault: Vault) -> None:
    client = vault.clients.add("C001")
    add_identifier(vault, client, "Priya", IdentifierType.PERSON)
    document = invented_report(["C001"])
    files = render(document)
    altered = files["html"].replace(b"<title>", b"<!-- on pria's laptop --><title>")
    found = rehearse(vault, [client], document, {**files, "html": altered}).undecided
    assert [(hit.found, hit.known, hit.near, hit.where) for hit in found] == [("pria", "Priya", True, ("html",))]
    with pytest.raises(ReportError):
        rehearse(vault, [client], document, {"report.pdf": b"%PDF-1.7 cut short"})


def test_a_hit_that_shows_the_kept_identity_stands_in_the_log(vault: Vault) -> None:
    client = vault.clients.add("C001")
    vault.identities.save(client.id, Identity(name="Ngozi Amoah"))
    shown = [entry.event for entry in vault.log.entries()].count(SHOWN)
    assert look_through(vault, client, "nothing to see", "a letter").undecided == ()
    (hit,) = look_through(vault, client, "told Mrs Amoah", "a letter").undecided
    assert (hit.found, hit.known) == ("Amoah", "Ngozi Amoah")
    assert [entry.event for entry in vault.log.entries()].count(SHOWN) == shown + 1


def test_the_checklist_counts_what_the_program_can_see(vault: Vault) -> None:
    clients = [vault.clients.add(f"C00{number}") for number in (1, 2)]
    document = invented_report(["C001"])
    page = document.pages[0].model_copy(update={"question": "The inquest, and her teacher of 52?"})
    document = document.model_copy(update={"pages": (page,)})
    told = rehearse(vault, clients[:1], document, render(document)).checklist
    counted = " ".join(question.counted for question in told)
    assert len(told) >= 10
    assert all(question.words.endswith("?") for question in told)
    assert "This vault has 2 client(s); this report is of 1." in counted
    assert "1 quotation(s)." in counted
    assert "1 word(s) about such events found." in counted
    assert "1 word(s) about work found." in counted
    assert "safe" not in counted


def test_a_theme_that_only_one_client_has_is_rare(vault: Vault) -> None:
    risk = RiskEntry(state=RiskState.NOT_ASKED)
    vault.set_signer(Signer(name="P. Invented"))
    for code, themes in (("C001", ("sleep", "grief")), ("C002", ("sleep",))):
        client = vault.clients.add(code)
        note, _ = add_note(vault, client, "She slept badly.", date(2026, 3, 3))
        own = tuple(OwnThemeForm(label=f"About {theme}", code=theme) for theme in themes)
        finish(vault, note, FinishForm(focus="Nights", themes=own, risk=risk), ("sleep", "grief"))
        sign(vault, client, note)
    assert [(one.client_code, one.code) for one in rare_themes(vault)] == [("C001", "grief")]
    assert rare_themes(vault, [vault.clients.by_code("C002")]) == ()

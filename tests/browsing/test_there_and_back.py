"""The whole way of a report: approved in the therapist's vault, read and commented on by a supervisor, taken in again.

Every part is the real one, through files on disk, open and sealed.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.reports.comments import read_comments
from notekeeper.reports.envelope import Seal, Secret
from notekeeper.reports.items import items_of
from notekeeper.services.approving_files import write
from notekeeper.services.caseload import own_day
from notekeeper.services.commenting import CommentsDesk
from notekeeper.services.misfiled import move_note
from notekeeper.services.shelf import Shelf
from notekeeper.services.supervision import agreed_before, beside, beside_words, discussed
from notekeeper.services.supervision_actions import make_follow_up
from notekeeper.services.supervision_comments import preview_comments, take_comments
from notekeeper.services.supervision_flags import add_flag, open_flags
from notekeeper.services.supervision_items import item_of, kind_of
from notekeeper.services.supervision_outcome import make_outcome
from notekeeper.services.supervision_targets import find_target
from tests.approving.invented import add_client, approved_of
from tests.vault.conftest import first, sealed, vault

__all__ = ["first", "sealed", "vault"]
WORDS = "otter velvet ladder quince evening"


@pytest.mark.parametrize("is_sealed", [False, True])
def test_what_a_supervisor_writes_comes_back_beside_the_items_it_is_on(
    vault: Vault, tmp_path: Path, post: Path, is_sealed: bool
) -> None:
    day = own_day()
    client, other = add_client(vault, "X1Q", "Saying no", "Waiting rooms"), add_client(vault, "X2Q", "Broken sleep")
    add_flag(vault, client, find_target(vault, client, "theme:1.1"), "The no")
    approved = approved_of(vault, client, other, question="Where am I stuck?")
    seal = Seal(passphrase=WORDS) if is_sealed else None
    written = write(vault, approved, post, seal=seal)
    path = written["bundle" if is_sealed else "json"]

    secret = Secret(passphrase=WORDS)
    (reading,) = Shelf.of([path], secrets=[secret]).readings
    desk = CommentsDesk(reading)
    refs = [ref for ref, _, _ in items_of(reading.document)]
    no = next(ref for ref, kind, words in items_of(reading.document) if kind == "theme" and words.startswith("Saying"))
    by = day + timedelta(days=7)
    for ref in refs:
        desk.put(ref, f"On {ref}", action=ref == no, until=by)
    desk.discussed(day, 50)
    desk.signed_as("S. Imagined")
    sent = desk.write_for(tmp_path, seal)

    file = read_comments(sent, secret)
    preview = preview_comments(vault, file, day)
    assert [each.client.code for each in preview.clients] == ["X1Q", "X2Q"]
    take_comments(vault, file, day, hours=True)
    items = discussed(vault, client)
    assert {each.comment.ref for each in items} == {ref for ref in refs if ref[:3] == "X1Q"}
    (action,) = beside(items, "theme", "Saying no")
    assert beside_words(action) == (
        f"Discussed {day.day} {day:%B %Y}; agreed: On {no} (nothing made of it yet, by {by})"
    )
    assert agreed_before(items)[0].agreed == (f"On {no}",)
    make_follow_up(vault, client, action, by, day)
    outcome = make_outcome(vault, client, day, day, "S. Imagined")
    assert open_flags(vault, client) == ()
    text = vault.notes.latest(outcome.id)
    assert text is not None
    assert f"Actions:\n- On {no} (by {by})\n" in text.text
    assert vault.supervision_log().hours[0].clients_discussed == 2
    with pytest.raises(UsageError, match="This very file"):
        take_comments(vault, file, day)

    move_note(vault, vault.notes.by_number(client.id, 1), "X2Q")
    assert discussed(vault, client) == []
    assert [each.comment.ref for each in discussed(vault, other)]
    assert vault.verify().problems == ()


def test_the_items_of_a_page_have_the_same_names_on_both_sides(vault: Vault) -> None:
    client = add_client(vault, "X1Q", "Saying no", "Waiting rooms")
    document = approved_of(vault, client, question="Where?", questions=("When?",)).prepared.document
    (page,) = document.pages
    named = {ref: kind for ref, kind, _ in items_of(document)}
    for ref, kind in named.items():
        assert item_of(page, ref)
        assert kind_of(ref) == ("" if kind == "page" else kind)
    for ref in ("X1Q/theme/3", "X1Q/theme/0", "X1Q/theme/01", "X1Q/quotation/1", "X2Q", "X1Q/", "X1Q/risk/1", "/risk"):
        assert ref not in named
        assert item_of(page, ref) is None

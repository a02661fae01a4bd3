"""From nothing to a signed report by commands alone: what each step prints, and what is gone afterwards."""

import hashlib
import json

from notekeeper.domain.review import ATTESTATION
from tests.cli.life import CANARIES, NOTE, OWN_FOCUS, OWN_THEME, RISK_ENTRY, RISK_WORDS, Life


def test_every_step_says_what_it_did(life: Life) -> None:
    steps = life.steps
    assert steps["signer"] == {"name": "A. Invented", "registration": "X-1"}
    assert steps["client"] == {"client": "C014"}
    assert (steps["drafting"]["purpose"], steps["drafting"]["answer"]) == ("drafting", "agreed")
    assert steps["supervision"]["how"] == "written"
    assert steps["note"] == {"note": "C014/1", "revision": 1, "characters": len(NOTE)}
    assert steps["draft"]["kept"] is True
    assert steps["draft"]["refused"] is None
    assert steps["draft"]["themes"]


def test_every_item_stands_beside_its_own_sentences(life: Life) -> None:
    items = life.steps["before"]["items"]
    assert [item["item"] for item in items][:2] == ["F", "T1"]
    assert {item["kind"] for item in items} >= {"focus", "theme", "reflection"}
    for item in items:
        assert item["text"].strip()
        assert item["decision"] is None
        assert item["evidence"]
        for piece in item["evidence"]:
            assert NOTE[piece["start"] : piece["end"]] == piece["text"]
    assert life.steps["before"]["undecided"] == [item["item"] for item in items]
    assert life.steps["before"]["risk"] is None


def test_decisions_are_counted_down_one_by_one(life: Life) -> None:
    names = [item["item"] for item in life.steps["before"]["items"]]
    for place, name in enumerate(names):
        step = life.steps[f"decide {name}"]
        assert step["decision"]["item"] == name
        assert step["undecided"] == names[place + 1 :]
    assert life.steps["finish"]["undecided"] == []
    assert life.steps["finish"]["risk"] == RISK_ENTRY


def test_what_is_signed_is_what_was_kept_and_the_persons_own(life: Life) -> None:
    signed = life.steps["sign"]["signed"]
    words = [item["text"] for item in signed["items"]]
    assert words[:2] == [OWN_FOCUS, OWN_THEME]
    assert sorted(words[2:]) == sorted(life.kept)
    assert not set(words) & set(life.left_out)
    assert signed["signer"] == {"name": "A. Invented", "registration": "X-1"}
    assert signed["attestation"] == ATTESTATION
    assert signed["risk"] == RISK_ENTRY
    assert signed["revision_sha256"] == hashlib.sha256(NOTE.encode()).hexdigest()
    choices = [life.steps[f"decide {item['item']}"]["decision"] for item in life.steps["before"]["items"]]
    tally = signed["tally"]
    assert [tally[choice] for choice in ("accepted", "edited", "rejected")] == [
        sum(decision["choice"] == choice for decision in choices) for choice in ("accepted", "edited", "rejected")
    ]
    assert sum(tally["reject_reasons"].values()) == tally["rejected"]
    assert signed["ai_used"] is True
    assert signed["demonstration"] is False
    sent = {item["text"]: item["destination"] for item in signed["items"] if item["kind"] == "reflection"}
    first = life.steps["decide R1"]["decision"]
    assert first["destination"] == "record"
    to_record, *others = sent.values()
    assert to_record == "record"
    assert set(others) <= {"supervision_notes"}


def test_what_was_not_kept_is_nowhere_afterwards(life: Life) -> None:
    assert life.left_out
    later = json.dumps([life.steps[name] for name in ("sign", "after", "quiet", "full", "browse", "search")])
    pages = life.sealed.pages()
    assert OWN_THEME.encode() in pages
    # The words of a theme left out may stand in the note, and in a reflection on it that was kept.
    looked_for = [words for words in life.left_out if words not in NOTE and words not in " ".join(life.kept)]
    assert looked_for
    for words in looked_for:
        assert words not in later
        assert words.encode() not in pages
    assert life.steps["after"]["signed"] == life.steps["sign"]["signed"]


def test_the_two_reports_hold_what_was_chosen_and_no_note(life: Life) -> None:
    quiet, full = (life.steps[name]["report"]["pages"][0] for name in ("quiet", "full"))
    assert quiet["risk"] == {"included": False, "last_asked": None, "entries": []}
    assert full["risk"]["included"] is True
    assert full["risk"]["last_asked"] == "2026-03-04"
    assert full["risk"]["entries"] == [{"session": 1, **RISK_ENTRY, "added_on": None}]
    assert quiet["supervision"] == []
    signed = life.steps["sign"]["signed"]["items"]
    sent = [item["text"] for item in signed if item["destination"] == "supervision_notes"]
    assert [item["text"] for item in full["supervision"]] == sent
    labels = [item["text"] for item in signed if item["kind"] == "theme"]
    for report in (quiet, full):
        assert sorted(theme["label"] for theme in report["themes"]) == sorted(labels)
        assert report["coverage"] == {"total": 1, "included": [1], "not_included": []}
        assert report["client_code"] == "C014"
        assert "A. Invented" in report["signed_by"]
        assert not any(word in json.dumps(report) for word in (*CANARIES, "quarrel with her sister"))
    assert RISK_WORDS not in json.dumps(quiet)
    assert life.steps["browse"] == life.steps["full"]["report"]


def test_the_vault_is_sound_and_the_note_is_found_again(life: Life) -> None:
    verified = life.steps["verify"]
    assert verified["sound"] is True
    assert verified["problems"] == []
    assert verified["log_entries"] > 10
    assert len(verified["log_head"]) == 64
    hits = life.steps["search"]["hits"]
    assert [hit["note"] for hit in hits] == ["C014/1"]
    assert CANARIES[0] in hits[0]["snippet"]

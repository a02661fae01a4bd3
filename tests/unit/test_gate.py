"""The gate: talk is never drafted, notes are, and a language that the starter cannot read is said."""

import pytest

from notekeeper.domain.draft import Refusal
from notekeeper.drafting.gate import refusal, refusal_words
from notekeeper.drafting.sentences import split_sentences
from tests.unit.gold import gold_notes, transcripts


def why(note: str) -> Refusal | None:
    return refusal(note, split_sentences(note))


def test_every_transcript_is_refused() -> None:
    talk = [entry["text"] for entry in transcripts() if entry["transcript"]]
    assert len(talk) == 20
    assert [why(text) for text in talk] == [Refusal.TRANSCRIPT] * 20


def test_no_note_that_only_looks_like_talk_is_refused() -> None:
    notes = [entry["text"] for entry in transcripts() if not entry["transcript"]]
    assert [why(text) for text in notes] == [None] * len(notes)


def test_hardly_any_gold_note_is_refused() -> None:
    refused = [note["id"] for note in gold_notes() if why(note["text"]) is not None]
    assert len(refused) <= len(gold_notes()) / 100, refused


@pytest.mark.parametrize(
    "note",
    [
        "Die Klientin kam zu spät und sprach lange über ihre Mutter. Sie schläft schlecht und trinkt wieder.",
        "La clienta llegó tarde y habló mucho de su madre. Duerme mal y ha vuelto a beber los fines de semana.",
        "Le client est arrivé en retard et a parlé longuement de sa mère. Il dort mal depuis les funérailles.",
        "Klientka przyszła spóźniona i długo mówiła o swojej matce. Źle śpi i znowu pije w weekendy.",
        "Klienten kom for sent og talte længe om sin mor. Hun sover dårligt og er begyndt at drikke igen.",
        "Daeth y cleient yn hwyr a siaradodd yn hir am ei mam. Mae hi'n cysgu'n wael ac wedi dechrau yfed eto.",
        "La cliente è arrivata in ritardo e ha parlato a lungo di sua madre. Dorme male e ha ripreso a bere.",
        "De cliënt kwam te laat en sprak lang over haar moeder. Ze slaapt slecht en drinkt weer in het weekend.",
        "Klienten kom sent och talade länge om sin mamma. Hon sover dåligt och har börjat dricka igen.",
        "A cliente chegou atrasada e falou muito da mãe. Dorme mal e voltou a beber nos fins de semana.",
        "Asiakas tuli myöhässä ja puhui pitkään äidistään. Hän nukkuu huonosti ja on alkanut taas juoda.",
        "Η πελάτισσα ήρθε αργά και μίλησε πολύ για τη μητέρα της. Κοιμάται άσχημα και πίνει ξανά.",  # noqa: RUF001 - Greek
        "وصلت العميلة متأخرة وتحدثت طويلا عن والدتها. تنام بشكل سيئ وعادت إلى الشرب.",
        "来访者迟到了。谈了很久她的母亲。她睡得不好。又开始喝酒了。",
    ],
)
def test_other_languages_are_said(note: str) -> None:
    assert why(note) is Refusal.LANGUAGE


@pytest.mark.parametrize(
    "note",
    [
        "DNA.",
        "SI denied.",
        "Ct late, flat. Sleep poor x3/7. Mood low. HW not done.",
        "Ct attended. ↓ mood, ↑ etoh. Plan: diary, r/v 2/52.",
        "ct c/o low mood, poor sleep, wkend binge. disc. triggers. hw: thought record. nxt appt 2/52",
        "Pt reports panic x2 on bus. Practised grounding. Rx review w GP. Risk: nil.",
        "Anx ++, avoids tube. Exposure hierarchy drawn up. HW step 1 x3.",
        "Cl. presented flat, monosyll. Sibs visited wkend. Drank 3/7. No SI/SH. Nxt wk 10am.",
        "PHQ 14 GAD 11. Rum re job. BA: swim x2. Sleep hyg. f/u 1/52",
        "Naïve hope that Zoë's café job would fix it.",
        "She described her mother as “eine Zicke”, and laughed. We stayed with the laugh for a while.",
    ],
)
def test_shorthand_and_loan_words_are_english(note: str) -> None:
    assert why(note) is None


@pytest.mark.parametrize("note", ["", " \n\t", "...", "- \n- \n", "\u200b"])
def test_nothing_to_read_is_said(note: str) -> None:
    assert why(note) is Refusal.EMPTY


def test_every_refusal_has_a_sentence_that_says_what_can_still_be_done() -> None:
    assert len({refusal_words(kind) for kind in Refusal}) == len(Refusal)
    assert "kept as a note" in refusal_words(Refusal.TRANSCRIPT)
    assert "without AI" in refusal_words(Refusal.LANGUAGE)

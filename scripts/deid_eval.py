"""`make deid-eval`: how well identifiers are proposed, found in every spelling, and kept out of a report's final bytes.

Usage: python scripts/deid_eval.py [VARIANTS [SEED]]. What always holds: all of it is invented; the vault, the commands
behind it and the files are the real ones; a figure below its bound ends with exit code 1.
"""

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from notekeeper import bootstrap
from notekeeper.domain.identifiers import Hit, Identifier, IdentifierType, Treatment
from notekeeper.domain.note import Client
from notekeeper.domain.report import ReportDocument
from notekeeper.domain.vault import Vault
from notekeeper.evaluation.gold import GoldNote, read_gold
from notekeeper.evaluation.identifiers import ProposalFigures, proposal_figures
from notekeeper.evaluation.identifiers_planting import Variant, invented, planted, stands_in, variants
from notekeeper.evaluation.identifiers_report import invented_report
from notekeeper.identifiers.fields import FieldText
from notekeeper.identifiers.final_text import text_of_file
from notekeeper.identifiers.proposing import propose
from notekeeper.identifiers.scanning import Scanner, spelling
from notekeeper.services.identifiers import add_identifier, apply_decisions, decide, rehearse
from notekeeper.services.identifiers_rehearsal import decided_of
from notekeeper.services.reporting import report_text, sealed_files

RECALL, MOST, VARIANTS, SEED = 0.95, 25, 500, 2026
TUNED, HELD_OUT, FRESH = "abc", "def", "ab"
A_REPORT = 56
"""Variants planted in one report of four clients: one in most of its texts."""
KEPT = 20
"""Hits that a recorded decision keeps, so that it is seen that they alone stay."""


@dataclass(frozen=True, slots=True)
class Planting:
    """What became of the variants. `found` were hits before, `known` of them as an entry's spelling; `left` stand in
    final bytes although no decision keeps them; `kept` stand there by one. `asked` counts the decisions of each report,
    `undecided` the hits that were left after them. `seconds` is the slowest rehearsal, in
    seconds of a processor."""

    planted: Mapping[str, int]
    found: Mapping[str, int]
    known: int
    left: tuple[Variant, ...]
    kept: int
    asked: tuple[int, ...]
    undecided: int
    seconds: float

    @property
    def fine(self) -> bool:
        return self.planted == self.found and not self.left and not self.undecided


def plant(vault: Vault, count: int, seed: int, *, entries: int = 200) -> Planting:
    """Plant so many variants in the reports of four clients, decide on every hit, and look at the final bytes. The
    four dictionaries hold `entries` entries in all."""
    clients = [vault.clients.add(f"C{number:03}") for number in range(1, 5)]
    _fill(vault, clients, entries)
    made = variants(count, seed)
    found: Counter[str] = Counter()
    left: list[Variant] = []
    asked, known, kept, undecided, slowest = [], 0, 0, 0, 0.0
    for first in range(0, len(made), A_REPORT):
        chosen = made[first : first + A_REPORT]
        document = planted(invented_report([client.code for client in clients]), chosen)
        hits, seconds = _all_hits(vault, clients, document)
        slowest = max(slowest, seconds)
        for variant in chosen:
            mine = [hit for hit in hits if _is_of(hit, variant)]
            found[variant.sort] += bool(mine)
            known += any(hit.known for hit in mine)
        asked.append(_decide(vault, clients, document, keep=KEPT if first == 0 else 0))
        done = apply_decisions(vault, clients, document)
        texts = _texts(vault, done)
        rehearsed = rehearse(vault, clients, done, sealed_files(vault, done))
        undecided += len(rehearsed.undecided)
        stay = [hit.found for hit, _ in rehearsed.decided]
        for variant in chosen:
            if any(stands_in(variant.text, text) for text in texts):
                if any(_one_in_other(word, variant.text) for word in stay):
                    kept += 1
                else:
                    left.append(variant)
    sorts = Counter(variant.sort for variant in made)
    return Planting(sorts, found, known, tuple(left), kept, tuple(asked), undecided, slowest)


def _fill(vault: Vault, clients: Sequence[Client], entries: int) -> None:
    listed = invented()
    for number, (text, kind) in enumerate(listed):
        add_identifier(vault, clients[number % 4], text, kind)
    for number in range(entries - len(listed)):
        add_identifier(vault, clients[number % 4], f"Zq{chr(97 + number % 26)}rvane{number:03}", IdentifierType.OTHER)


def _all_hits(vault: Vault, clients: Sequence[Client], document: ReportDocument) -> tuple[list[Hit], float]:
    files = sealed_files(vault, document)
    began = time.process_time()
    rehearsed = rehearse(vault, clients, document, files)
    seconds = time.process_time() - began
    return [*rehearsed.undecided, *(hit for hit, _ in rehearsed.decided)], seconds


def _one_in_other(kept: str, text: str) -> bool:
    one, other = spelling(kept), spelling(text)
    return one in other or other in one


def _is_of(hit: Hit, variant: Variant) -> bool:
    """Whether the hit is this variant: its letters but for an s, an accent's trace or an article."""
    found, whole = spelling(hit.found), spelling(variant.text)
    return found in whole and len(found) >= 0.6 * len(whole)


def _decide(vault: Vault, clients: Sequence[Client], document: ReportDocument, keep: int) -> int:
    """Decide on what is asked once earlier decisions are carried out, as a therapist would; how often it was asked."""
    by_code = {client.code: client for client in clients}
    asked = 0
    while True:
        done = apply_decisions(vault, clients, document)
        open_hits = rehearse(vault, clients, done, sealed_files(vault, done)).undecided
        if not open_hits:
            return asked
        before = asked
        for hit in open_hits:
            if decided_of(vault, clients).on(hit) is None:
                stays = keep > 0 and hit.found.isascii()
                keep -= stays
                _answer(vault, by_code[hit.client], hit, asked, stays=stays)
                asked += 1
        if asked == before:
            there = [(hit.found, hit.where) for hit in open_hits]
            raise AssertionError(f"decided on, and still there: {there}")


def _answer(vault: Vault, client: Client, hit: Hit, asked: int, *, stays: bool) -> None:
    if stays:
        decide(vault, client, hit.found, Treatment.KEEP, reason="invented, and kept to see that it stays")
    elif asked % 2:
        decide(vault, client, hit.found, Treatment.GENERALISE, instead="somebody or somewhere")
    else:
        decide(vault, client, hit.found, Treatment.REPLACE)


def _texts(vault: Vault, document: ReportDocument) -> list[str]:
    files = {f"report.{ending}": content for ending, content in sealed_files(vault, document).items()}
    raw = [content.decode("utf-8") for name, content in files.items() if not name.endswith(".pdf")]
    return [*(text_of_file(name, content) for name, content in files.items()), *raw, report_text(document)]


def _notes(name: str) -> tuple[GoldNote, ...]:
    return read_gold((bootstrap.gold_folder() / f"{name}.jsonl").read_text(encoding="utf-8").split("\n")).notes


def _say(name: str, figures: ProposalFigures) -> None:
    kinds = ", ".join(f"{kind} {got}/{of}" for kind, (got, of) in figures.by_type.items())
    print(
        f"{name:<26} {figures.notes:>4} notes  recall {figures.recalled}/{figures.identifiers} = {figures.recall:.3f}"
        f"  everywhere {figures.everywhere / max(1, figures.identifiers):.3f}"
        f"  to the letter {figures.exact / max(1, figures.identifiers):.3f}"
        f"  proposals a note: mean {figures.mean:.1f}, median {figures.median:g}, most {figures.most}"
    )
    print(f"{'':<26} {kinds}")


def _small(note: GoldNote) -> GoldNote:
    """As somebody writes who uses no capitals; for this figure alone, the bound is not asked of it."""
    identifiers = tuple(one.model_copy(update={"text": one.text.lower()}) for one in note.identifiers)
    return note.model_copy(update={"text": note.text.lower(), "identifiers": identifiers})


def proposals() -> bool:
    """Print the figures of proposals; whether each is within its bounds."""
    files = {letter: _notes(f"notes-{letter}") for letter in TUNED + HELD_OUT}
    sets = {f"notes-{letter}": notes for letter, notes in files.items()}
    sets["tuned on: notes-a to -c"] = tuple(note for letter in TUNED for note in files[letter])
    sets["notes-d to -f"] = tuple(note for letter in HELD_OUT for note in files[letter])
    sets["all 590"] = tuple(note for notes in files.values() for note in notes)
    sets["held out: series"] = tuple(note for letter in FRESH for note in _notes(f"series-{letter}"))
    fine = True
    for name, notes in sets.items():
        figures = proposal_figures(notes, propose)
        _say(name, figures)
        fine = fine and figures.recall >= RECALL and figures.most <= MOST
    _say("all 590 in small letters", proposal_figures([_small(note) for note in sets["all 590"]], propose))
    print(
        "notes-d to -f are not held out: tried first they gave 0.915, with days of the week 0.962 (0.942, 0.989, "
        "0.948), and then their misses were read. Those of the series were not; they were scored several times."
    )
    return fine


def false_alarms(entries: int = 200) -> None:
    """Print how often is asked about what names nobody: in labels, which hold no name by their format, without a
    dictionary, and in labels and questions with one of so many strangers."""
    notes = [note for letter in HELD_OUT for note in _notes(f"notes-{letter}")]
    labels = [theme.label for note in notes for theme in note.themes]
    scanner = Scanner([])
    asked = sum(bool(scanner.in_field(FieldText("C001", "", "label", label))) for label in labels)
    print(f"Labels of notes-d to -f, which hold no name: {asked} of {len(labels)} are asked about.")
    names = {one.text: IdentifierType(one.type.lower()) for note in notes for one in note.identifiers}
    people = sorted(name for name, kind in names.items() if kind in {IdentifierType.PERSON, IdentifierType.PLACE})
    chosen = random.Random(SEED).sample(people, entries)  # noqa: S311 - which names, no secret
    strangers = Scanner([("C001", Identifier(text=name, type=names[name])) for name in chosen])
    taken = sum(len(list(strangers.known_in(label))) for label in labels)
    print(f"Taken for one of {entries} names and places of other clients: {taken} words of those labels.")


def main(arguments: Sequence[str]) -> int:
    count, seed = (*map(int, arguments), *(VARIANTS, SEED)[len(arguments) :])
    fine = proposals()
    false_alarms()
    with tempfile.TemporaryDirectory() as folder:
        vault, _ = bootstrap.create_vault(Path(folder) / "invented.vault", "velvet lantern ninth orchard")
        try:
            done = plant(vault, count, seed)
        finally:
            vault.close()
    total, found = sum(done.planted.values()), sum(done.found.values())
    print(
        f"Variants planted: {total} (seed {seed}). Found before: {found}, {done.known} of them as an entry's spelling."
    )
    for sort, number in done.planted.items():
        print(f"  {sort:<18} {done.found.get(sort, 0)} of {number}")
    print(f"Left in the final bytes of json, html, md, pdf or text: {len(done.left)}; kept by a decision: {done.kept}.")
    print(f"Asked in each report of four clients, one after the other: {', '.join(map(str, done.asked))}.")
    print(f"The slowest rehearsal, of four clients and 200 entries: {done.seconds:.2f} s of a processor.")
    for variant in done.left:
        print(f"  left: {variant.sort} {variant.text!r}")
    return 0 if fine and done.fine else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Teach copies of the starter's encoder to read a note: codes, salience, trend and bond of each sentence.

    .venv/bin/python -m models.starter.train_reader [--member N] [--epochs E] [--out FOLDER]
    .venv/bin/python -m models.starter.train_reader --pack [--out FOLDER]

The first teaches one member, printing figures on the development notes after each epoch, and goes on where it was
stopped. On two cores that took half an hour; a GPU is used where torch finds one. Set OMP_WAIT_POLICY=PASSIVE when
other work runs beside it: six times the speed was measured. The second writes reader.safetensors of all members that
came to their end, and enters it in the catalogue. What always holds: no development note and no session of the
demonstration is taught from; the same seed on the same computer gives the same member.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoModel, AutoTokenizer

from models.starter import gold, parts
from models.starter.reader_examples import GoldNote, from_notes, gold_note, made_up, singles, tokens_of, windows
from models.starter.reader_file import packed
from models.starter.reader_network import Reader
from models.starter.steps import Settings, Training, batches_alike, begun_with, checkpoint, device, finished
from notekeeper.bootstrap import STARTER_ENCODER, catalogue, taxonomy
from notekeeper.domain.engine import Readings
from notekeeper.drafting.reading import TaughtReading, group_sentences
from notekeeper.engine.reader import WINDOW_TOKENS


@dataclass(frozen=True, slots=True)
class Member:
    """One taught copy. `absent_weight` is what a code judged absent counts for (see `Reader.loss`); `extra` says
    whether the notes written for teaching alone are taught from too."""

    seed: int
    absent_weight: float
    extra: bool


MEMBERS = (Member(seed=0, absent_weight=1.0, extra=False), Member(seed=1, absent_weight=4.0, extra=True))
EPOCHS, BATCH = 7, 8
BODY_RATE, HEAD_RATE, WARM, DECAY = 1.5e-4, 2e-3, 0.06, 0.01


def settings_of(member: Member, epochs: int = EPOCHS, tried: int = 0) -> Settings:
    """The settings of a member's run."""
    rates = (BODY_RATE, HEAD_RATE)
    return Settings(member.seed, epochs, rates, WARM, 0.0, DECAY, member.absent_weight, member.extra, tried)


def place_of(out: Path, number: int) -> Path:
    """Where a member's run is kept."""
    return out / f"reader-{number}.pt"


def bare(folder: Path) -> Any:
    """The encoder's network as it was fetched."""
    return AutoModel.from_pretrained(str(folder), attn_implementation="sdpa", local_files_only=True)


def teach(settings: Settings, path: Path) -> None:
    """Teach one member, keeping its state at `path`."""
    torch.manual_seed(settings.seed)
    folder, codes = gold.installed(STARTER_ENCODER), taxonomy()
    tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
    marks = (int(tokenizer.cls_token_id), int(tokenizer.sep_token_id))
    reader: Any = Reader(bare(folder), len(codes), marks).to(device())
    taught = [gold_note(note, list(codes), tokenizer) for note in gold.training_notes(extra=settings.extra)]
    held = [gold_note(note, list(codes), tokenizer) for note in gold.development_notes()]
    bank = singles(gold.lines("sentences-[0-9].jsonl"), list(codes), tokenizer)
    neutral = singles(gold.lines("sentences-neutral.jsonl"), list(codes), tokenizer)
    print(f"{len(taught)} notes and {len(bank)} single sentences; {len(held)} notes for development", flush=True)
    body = [p for p in reader.body.parameters() if p.requires_grad]
    heads = [p for name, p in reader.named_parameters() if not name.startswith("body.")]
    if not path.exists():
        described = [(at, tokens_of(words, tokenizer, WINDOW_TOKENS)) for at, words in enumerate(codes.values())]
        reader.start(described + [(single.holds, single.tokens) for single in bank if single.holds is not None])
    Training(reader, (body, heads), settings, path).run(
        draw=lambda chance: batches_alike(
            from_notes(taught, chance) + made_up(bank, neutral, len(codes), chance),
            BATCH,
            lambda passage: passage.length(),
            chance,
        ),
        loss=lambda batch: reader.loss(batch, settings.weight),
        figures=lambda: gold.told(figures(reader, held, tuple(codes))),
    )


def figures(reader: Any, held: Sequence[GoldNote], codes: tuple[str, ...]) -> dict[str, float]:
    """Scores of a reader on notes, grouped as the program groups; a theme is compared by its likeliest code, and
    counted among the absent only where that code would be given."""
    known = TaughtReading(codes, (0.0,) * len(codes), "", "")
    read = []
    for note in held:
        themes = [
            gold.Suggested(group.near, frozenset(n - 1 for n in group.sentences), shown=group.code is not None)
            for group in group_sentences(known, readings(reader, note.passage.tokens))
        ]
        read.append((note.note, note.sentences, themes))
    return gold.score(read)


def readings(reader: Any, tokens: list[list[int]]) -> Readings:
    """What a reader says of the sentences of one note, in windows of whole sentences."""
    said = [reader([[tokens[at] for at in window]]) for window in windows(tokens, WINDOW_TOKENS)]
    parts_of = ([s.codes for s in said], [s.salience for s in said], [s.trend for s in said], [s.bond for s in said])
    return Readings(*(np.asarray(torch.cat(part).cpu().numpy(), np.float32) for part in parts_of))


def pack(out: Path, into: Path = parts.CATALOGUE) -> str:
    """Write the file of all finished members beside the catalogue `into` and enter it there; returns what was done.
    Ends the program without any."""
    base = dict(bare(gold.installed(STARTER_ENCODER)).named_parameters())
    members = {}
    for number, member in enumerate(MEMBERS):
        path = place_of(out, number)
        state = checkpoint(path) if path.exists() else None
        if state is not None and finished(state):
            settings = begun_with(state)
            if settings != settings_of(member, settings.epochs):
                raise SystemExit(f"{path.name} was made with other settings than the table has. Nothing was written.")
            members[number] = state["weights"]
    if not members:
        raise SystemExit("No member has come to its end yet. Nothing was written.")
    with torch.no_grad():
        sha256 = catalogue().entry(STARTER_ENCODER).weights.sha256
        content = packed(
            list(members.values()), base, list(taxonomy()), gold.doubt(list(taxonomy())), encoder_sha256=sha256
        )
    part = into.parent / "starter" / "reader.safetensors"
    part.write_bytes(content)
    return f"members {', '.join(map(str, members))}: {parts.enter(STARTER_ENCODER, part, into)}"


def main() -> None:
    """Teach one member, or pack."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--member", type=int, default=0, choices=range(len(MEMBERS)))
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--out", type=Path, default=gold.TRAINING, help="where runs are kept")
    parser.add_argument("--steps", type=int, default=0, help="a try-out: so many steps an epoch; not packed")
    parser.add_argument("--pack", action="store_true", help="write reader.safetensors of all members that are finished")
    chosen = parser.parse_args()
    if chosen.pack:
        print(pack(chosen.out))
    else:
        settings = settings_of(MEMBERS[chosen.member], chosen.epochs, chosen.steps)
        teach(settings, place_of(chosen.out, chosen.member))


if __name__ == "__main__":
    main()

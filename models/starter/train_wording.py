"""Teach the starter's language model to name a theme from its sentences: an adapter of low rank on its upper layers.

    .venv/bin/python -m models.starter.train_wording [--epochs E] [--out FOLDER]
    .venv/bin/python -m models.starter.train_wording --pack [--out FOLDER]

Needs two packages more than the program: pip install --constraint requirements/constraints.txt -e ".[engine,train]".
The first trains, printing figures on the development notes after each epoch, and goes on where it was stopped; a GPU is
used where torch finds one, and OMP_WAIT_POLICY=PASSIVE helps beside other work. The second writes wording.gguf and
enters it in the catalogue. What always holds: no development note and no session of the demonstration is
taught from, nor any label that holds a name, a place or a quotation mark.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from torch.nn import functional
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

from models.starter import gold, parts
from models.starter.steps import Settings, Training, batches_alike, begun_with, checkpoint, device, finished
from models.starter.wording_examples import pairs, short_enough, tokens_of
from models.starter.wording_file import MODULES, heads_of, write
from notekeeper.bootstrap import STARTER_WORDS, catalogue, taxonomy

RANK, ALPHA, DROPOUT, LOWEST_LAYER = 16, 32, 0.05, 10
SEED, EPOCHS, BATCH, RATE, WARM, FLOOR = 0, 2, 16, 6e-4, 0.05, 0.02
UNCOUNTED = -100
Example = tuple[list[int], list[int]]


def settings_of(epochs: int = EPOCHS, tried: int = 0) -> Settings:
    """The settings of a run."""
    return Settings(SEED, epochs, (RATE,), WARM, FLOOR, tried=tried)


def weights() -> Path:
    """The language model's file."""
    return gold.installed(STARTER_WORDS) / catalogue().entry(STARTER_WORDS).weights.path


def adapted(file: Path) -> Any:
    """The model with an adapter that has learnt nothing yet; only the adapter learns."""
    whole = AutoModelForCausalLM.from_pretrained(
        str(file.parent),
        gguf_file=file.name,
        dtype=torch.bfloat16,
        quantization_config=GgufConfig(dequantize=True),
        local_files_only=True,
    )
    layers = list(range(LOWEST_LAYER, int(whole.config.num_hidden_layers)))
    config = LoraConfig(
        r=RANK,
        lora_alpha=ALPHA,
        lora_dropout=DROPOUT,
        target_modules=list(MODULES),
        layers_to_transform=layers,
        task_type="CAUSAL_LM",
    )
    return get_peft_model(whole, config)


def guesses(model: Any, batch: Sequence[Example]) -> tuple[Any, Any]:
    """What the model expects at each token of the answers, and the tokens that stand there."""
    place = next(model.parameters()).device
    longest = max(len(asked) + len(answer) for asked, answer in batch)
    ids = torch.zeros((len(batch), longest), dtype=torch.long)
    seen, wanted = torch.zeros_like(ids), torch.full_like(ids, UNCOUNTED)
    for row, (asked, answer) in enumerate(batch):
        end = len(asked) + len(answer)
        ids[row, :end], seen[row, :end] = torch.tensor(asked + answer), 1
        wanted[row, len(asked) : end] = torch.tensor(answer)
    bare, wanted = model.get_base_model(), wanted[:, 1:].to(place)
    counted = wanted != UNCOUNTED
    with torch.autocast(place.type, dtype=torch.bfloat16):
        states = bare.model(input_ids=ids.to(place), attention_mask=seen.to(place)).last_hidden_state
        said = bare.lm_head(states[:, :-1][counted])  # the rest of 49,152 words by every token would be thrown away
    return said.float(), wanted[counted]


def figures(model: Any, held: Sequence[Example]) -> dict[str, float]:
    """On labels never taught from: loss a token, and the share of tokens guessed right after those before them."""
    lost, right, count = 0.0, 0, 0
    ordered = sorted(held, key=lambda example: len(example[0]))
    for start in range(0, len(ordered), BATCH):
        said, wanted = guesses(model, ordered[start : start + BATCH])
        lost += float(functional.cross_entropy(said, wanted, reduction="sum"))
        right += int((said.argmax(dim=1) == wanted).sum())
        count += len(wanted)
    return {"labels": len(held), "loss_a_token": lost / count, "tokens_right": right / count}


def teach(settings: Settings, path: Path) -> None:
    """Train the adapter, keeping its state at `path`."""
    torch.manual_seed(settings.seed)
    file, codes = weights(), taxonomy()
    tokenizer = AutoTokenizer.from_pretrained(str(file.parent), gguf_file=file.name, local_files_only=True)
    model = adapted(file).to(device())
    notes = gold.training_notes()
    held = short_enough(tokens_of(pair, tokenizer) for pair in pairs(gold.development_notes(), codes))
    print(f"{len(pairs(notes, codes))} labels; {len(held)} for development", flush=True)
    Training(model, ([p for p in model.parameters() if p.requires_grad],), settings, path).run(
        draw=lambda chance: batches_alike(
            short_enough(tokens_of(pair, tokenizer) for pair in pairs(notes, codes, chance)),
            BATCH,
            lambda example: len(example[0]) + len(example[1]),
            chance,
        ),
        loss=lambda batch: functional.cross_entropy(*guesses(model, batch)),
        figures=lambda: gold.told(figures(model, held)),
    )


def pack(path: Path, into: Path = parts.CATALOGUE) -> str:
    """Write the adapter of the finished run at `path` beside the catalogue `into` and enter it there; returns the line
    entered. Ends the program without a finished run."""
    state = checkpoint(path) if path.exists() else None
    if state is None or not finished(state) or begun_with(state) != settings_of(begun_with(state).epochs):
        raise SystemExit("No run with these settings has come to its end yet. Nothing was written.")
    part = into.parent / "starter" / "wording.gguf"
    write(state["weights"], ALPHA, heads_of(weights()), part)
    return parts.enter(STARTER_WORDS, part, into)


def main() -> None:
    """Train, or pack."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--out", type=Path, default=gold.TRAINING, help="where the run is kept")
    parser.add_argument("--steps", type=int, default=0, help="a try-out: so many steps an epoch; not packed")
    parser.add_argument("--pack", action="store_true", help="write wording.gguf of the finished run")
    chosen = parser.parse_args()
    path = chosen.out / "wording.pt"
    if chosen.pack:
        print(pack(path))
    else:
        teach(settings_of(chosen.epochs, chosen.steps), path)


if __name__ == "__main__":
    main()

"""Steps of training that can be stopped after any epoch and gone on with.

What always holds: what an epoch ends with is written whole or not at all, with the state of the optimiser and of
every source of chance, so that a run stopped and gone on with gives what a run in one go gives; a run is gone on with
only under the settings it was begun with.
"""

import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import torch

_Batch = TypeVar("_Batch")


@dataclass(frozen=True, slots=True)
class Settings:
    """What makes a run the run it is. The rate of learning climbs over the share `warm` of all steps and then falls in
    a straight line to `floor` of itself. `weight` and `extra` are as the recipe says. `tried` steps end an epoch of a
    try-out; 0 is a run in earnest."""

    seed: int
    epochs: int
    rates: tuple[float, ...]
    warm: float
    floor: float
    decay: float = 0.0
    weight: float = 1.0
    extra: bool = False
    tried: int = 0


class Training:
    """One network on its way: `path` is where its state is kept after each epoch."""

    def __init__(self, network: Any, groups: Sequence[Sequence[Any]], settings: Settings, path: Path) -> None:
        """`groups` are the parameters of each of the settings' rates. Goes on from `path` when it is there, and ends
        the program with a sentence when what lies there was begun otherwise."""
        self._network, self._settings, self._path = network, settings, path
        self._learnt = [parameter for group in groups for parameter in group]
        rates = zip(groups, settings.rates, strict=True)
        parts = [{"params": list(group), "lr": rate} for group, rate in rates]
        self._optimiser = torch.optim.AdamW(parts, weight_decay=settings.decay)
        self._chance = random.Random(settings.seed)  # noqa: S311 - the order of notes, not a key
        self._epoch = self._step = self._total = 0
        if path.exists():
            self._go_on(checkpoint(path))

    def run(
        self,
        draw: Callable[[random.Random], list[_Batch]],
        loss: Callable[[_Batch], Any],
        figures: Callable[[], str],
    ) -> None:
        """All epochs that are left: batches drawn anew for each, then the state kept and `figures` printed."""
        begun, settings = time.monotonic(), self._settings
        while self._epoch < settings.epochs:
            batches = draw(self._chance)[: settings.tried or None]
            self._total = self._total or len(batches) * settings.epochs
            self._network.train()
            spent = 0.0
            for batch in batches:
                spent += self._learn(loss(batch))
                if self._step % 20 == 0:
                    print(f"step {self._step} of {self._total}, {time.monotonic() - begun:.0f} s", flush=True)
            self._epoch += 1
            self._network.eval()
            with torch.no_grad():
                said = figures()
            self._keep()
            passed = time.monotonic() - begun
            print(f"epoch {self._epoch}, {passed:.0f} s, loss {spent / len(batches):.3f}, {said}", flush=True)

    def _learn(self, loss: Any) -> float:
        settings, share = self._settings, self._step / self._total
        climbed = (self._step + 1) / (settings.warm * self._total)
        factor = min(1.0, climbed) * max(settings.floor, 1.0 - share)
        for group, rate in zip(self._optimiser.param_groups, settings.rates, strict=True):
            group["lr"] = rate * factor
        self._optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._learnt, 1.0)
        self._optimiser.step()
        self._step += 1
        return float(loss.detach())

    def _keep(self) -> None:
        state = {
            "settings": asdict(self._settings),
            "at": [self._epoch, self._step, self._total],
            "weights": {n: p.detach().cpu() for n, p in self._network.named_parameters() if p.requires_grad},
            "optimiser": self._optimiser.state_dict(),
            "chance": self._chance.getstate(),
            "torch": torch.get_rng_state(),
            "cuda": torch.cuda.get_rng_state_all(),
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(".new")
        torch.save(state, beside)
        beside.replace(self._path)

    def _go_on(self, state: dict[str, Any]) -> None:
        if begun_with(state) != self._settings:
            raise SystemExit(f"{self._path.name} was begun with other settings. Name another folder, or remove it.")
        self._network.load_state_dict(state["weights"], strict=False)
        self._optimiser.load_state_dict(state["optimiser"])
        self._epoch, self._step, self._total = state["at"]
        self._chance.setstate(state["chance"])
        torch.set_rng_state(state["torch"])
        if torch.cuda.is_available() and state["cuda"]:
            torch.cuda.set_rng_state_all(state["cuda"])
        print(f"going on after epoch {self._epoch} of {self._settings.epochs}", flush=True)


def checkpoint(path: Path) -> dict[str, Any]:
    """What a run kept; nothing in the file is run."""
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return state


def begun_with(state: dict[str, Any]) -> Settings:
    """The settings of the run that kept this."""
    return Settings(**{**state["settings"], "rates": tuple(state["settings"]["rates"])})


def finished(state: dict[str, Any]) -> bool:
    """Whether the run came to its end and was no try-out."""
    settings = begun_with(state)
    return bool(state["at"][0] == settings.epochs and not settings.tried)


def batches_alike(items: list[_Batch], size: int, length: Callable[[_Batch], int], chance: random.Random) -> list[Any]:
    """The items in batches of about equal length, so that little is padding, in an order by chance."""
    chance.shuffle(items)
    out: list[list[_Batch]] = []
    for start in range(0, len(items), size * 8):
        alike = sorted(items[start : start + size * 8], key=length)
        out += [alike[at : at + size] for at in range(0, len(alike), size)]
    chance.shuffle(out)
    return out


def device() -> str:
    """Where to train: "cuda" where torch finds it, else "cpu", with a word of advice."""
    if torch.cuda.is_available():
        return "cuda"
    if os.environ.get("OMP_WAIT_POLICY", "").upper() != "PASSIVE":
        print("Beside other work, OMP_WAIT_POLICY=PASSIVE in the environment makes this about six times as fast.")
    return "cpu"

"""The reader as it is taught: the encoder with five small heads over the mean of each sentence's tokens.

What always holds: a sentence is seen among all others of its passage, and what is said of it comes from its own tokens
alone; the table of words is never changed, so that taught copies can share it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from models.starter.reader_examples import Passage
from notekeeper.domain.engine import TRENDS

BOND_WIDTH = 64
_START_SCALE, _START_BIAS = 1.2, -4.0
_ABSENT_IN_NOTE = 3.0
SHARES = {"salience": 0.3, "trend": 0.2, "note": 0.15, "bond": 0.4}
"""What each part of the loss counts for beside that of the codes."""


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What the reader says of every sentence of a batch, one row each; logits."""

    codes: Any
    salience: Any
    trend: Any
    bond: Any


class Reader(nn.Module):  # type: ignore[misc]  # torch's types are not followed
    """`body` is the encoder's bare network; `marks` are the tokens it wants before and after a passage."""

    def __init__(self, body: Any, codes: int, marks: tuple[int, int]) -> None:
        super().__init__()
        width = int(body.config.hidden_size)
        self.body, self.marks = body, marks
        self.code, self.salience = nn.Linear(width, codes), nn.Linear(width, 1)
        self.trend = nn.Linear(width, len(TRENDS))
        self.bond = nn.Linear(width, BOND_WIDTH)
        self.bond_bias = nn.Parameter(torch.zeros(1))
        self.of_note = nn.Parameter(torch.tensor([1.0, 0.0]))  # from the codes of sentences to those of a note
        self.drop = nn.Dropout(0.1)
        for name, parameter in body.named_parameters():
            parameter.requires_grad = not name.startswith(("embeddings.", "pooler."))

    def forward(self, passages: Sequence[list[list[int]]]) -> Said:
        """What is said of each sentence, passage by passage."""
        means = self.drop(self.means(passages))
        return Said(self.code(means), self.salience(means)[:, 0], self.trend(means), self.bond(means))

    def means(self, passages: Sequence[list[list[int]]]) -> Any:
        """The mean of each sentence's tokens, (sentences, width)."""
        device = self.bond_bias.device
        longest = max(sum(map(len, sentences)) for sentences in passages) + 2
        ids = torch.zeros((len(passages), longest), dtype=torch.long)
        seen = torch.zeros_like(ids)
        spans: list[tuple[int, int, int]] = []
        for row, sentences in enumerate(passages):
            tokens = [self.marks[0]]
            for sentence in sentences:
                spans.append((row, len(tokens), len(tokens) + len(sentence)))
                tokens += sentence
            tokens.append(self.marks[1])
            ids[row, : len(tokens)], seen[row, : len(tokens)] = torch.tensor(tokens), 1
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=self.training):
            states = self.body(input_ids=ids.to(device), attention_mask=seen.to(device)).last_hidden_state
        return torch.stack([states[row, start:end].float().mean(dim=0) for row, start, end in spans])

    def start(self, examples: Sequence[tuple[int, list[int]]]) -> None:
        """Let each code's head begin at the mean of its examples, (code, tokens), as the bare encoder sees them."""
        self.eval()
        with torch.no_grad():
            order = sorted(examples, key=lambda example: len(example[1]))
            groups = [order[at : at + 64] for at in range(0, len(order), 64)]
            means = torch.cat([self.means([[tokens] for _, tokens in group]) for group in groups])
            of = torch.tensor([code for code, _ in order], device=means.device)
            middle = means.mean(dim=0)
            for code in range(self.code.out_features):
                if bool((of == code).any()):
                    weight = _START_SCALE * functional.normalize(means[of == code].mean(dim=0) - middle, dim=0)
                    self.code.weight[code], self.code.bias[code] = weight, _START_BIAS - weight @ middle

    def loss(self, batch: Sequence[Passage], absent_weight: float) -> Any:
        """How far what is said is from what the annotators found. `absent_weight` is what a sentence counts for under
        a code that was judged absent from its note; any other counts 1."""
        said, device = self([passage.tokens for passage in batch]), self.bond_bias.device
        wanted = torch.from_numpy(np.concatenate([passage.codes for passage in batch])).to(device)
        trend = torch.from_numpy(np.concatenate([passage.trend for passage in batch])).to(device)
        carries = torch.from_numpy(np.concatenate([passage.themes.any(axis=1) for passage in batch])).to(device)
        whole = torch.cat([torch.full((len(p.tokens),), float(p.whole)) for p in batch]).to(device)
        weight, notes, bonds, start = torch.ones_like(wanted), [], [], 0
        for passage in batch:
            rows = slice(start, start + len(passage.tokens))
            start = rows.stop
            weight[rows, passage.absent] = absent_weight
            notes.append(self._note_loss(said.codes[rows], passage))
            bonds += self._bond_losses(said.bond[rows], passage)
        total = _binary(said.codes, wanted, weight).sum(dim=1).mean()
        salience = _binary(said.salience, carries.float(), whole).sum() / whole.sum().clamp(min=1)
        total = total + SHARES["salience"] * salience + SHARES["note"] * torch.stack(notes).mean()
        if bool((trend >= 0).any()):
            total = total + SHARES["trend"] * functional.cross_entropy(said.trend[trend >= 0], trend[trend >= 0])
        return total + SHARES["bond"] * torch.stack(bonds).mean() if bonds else total

    def _note_loss(self, codes: Any, passage: Passage) -> Any:
        """That the passage as a whole has its codes, and those judged absent not."""
        wanted = torch.from_numpy(passage.codes.max(axis=0)).to(codes.device)
        weight = torch.ones_like(wanted)
        weight[passage.absent] = _ABSENT_IN_NOTE
        return _binary(torch.logsumexp(codes, dim=0) * self.of_note[0] + self.of_note[1], wanted, weight).sum()

    def _bond_losses(self, bond: Any, passage: Passage) -> list[Any]:
        """That two sentences which carry a theme are bound where it is the same: no loss, or one."""
        carry = np.flatnonzero(passage.themes.any(axis=1))
        if len(carry) < 2:
            return []
        themes = passage.themes[carry]
        same = torch.from_numpy((themes[:, None] & themes[None]).any(axis=2)).float().to(bond.device)
        near = bond[carry] @ bond[carry].T / BOND_WIDTH**0.5 + self.bond_bias
        first, second = torch.triu_indices(len(carry), len(carry), 1)
        return [functional.binary_cross_entropy_with_logits(near[first, second], same[first, second])]


def _binary(said: Any, wanted: Any, weight: Any) -> Any:
    return functional.binary_cross_entropy_with_logits(said, wanted, reduction="none") * weight

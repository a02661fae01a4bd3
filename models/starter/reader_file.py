"""The file of a taught reader: what differs from the encoder, as products of two thin matrices, and the heads.

What always holds: the form is the one that notekeeper.engine.reader reads, safetensors with numbers of 16 bits; nothing
in it is run.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from safetensors.torch import save

from notekeeper.engine.reader import HEADS

RANK = 96
"""Columns kept of each difference, 8.2 MB a member. For one member half taught, theme F1 on the development notes was
0.402 with 16 columns, 0.449 with 48 (4.2 MB), 0.441 with 64, 0.458 with 96 and 0.459 with the whole."""


def packed(
    members: Sequence[Mapping[str, Any]],
    base: Mapping[str, Any],
    codes: Sequence[str],
    doubt: Sequence[float],
    *,
    encoder_sha256: str,
    rank: int = RANK,
) -> bytes:
    """The file of these members. `members` are the parameters of taught readers by name, `base` those of the bare
    encoder; `codes` in the order of the code head's rows, `doubt` of each as `gold.doubt` has it."""
    tensors: dict[str, Any] = {}
    for number, learnt in enumerate(members):
        for name, weight in learnt.items():
            if not name.startswith("body."):
                continue
            whole = name.removeprefix("body.")
            difference = (weight - base[whole]).float()
            if difference.ndim != 2:
                tensors[f"{number}/{whole}"] = difference.half()
                continue
            left, sizes, right = torch.linalg.svd(difference, full_matrices=False)
            root = sizes[:rank].sqrt()
            tensors[f"{number}/{whole}.left"] = (left[:, :rank] * root).half().contiguous()
            tensors[f"{number}/{whole}.right"] = (root[:, None] * right[:rank]).half().contiguous()
        for head in HEADS:
            for kind in ("weight", "bias"):
                tensors[f"{number}/head.{head}.{kind}"] = learnt[f"{head}.{kind}"].half().contiguous()
    about = {"codes": list(codes), "doubt": list(doubt), "members": len(members), "encoder_sha256": encoder_sha256}
    content: bytes = save(tensors, {"about": json.dumps(about)})
    return content

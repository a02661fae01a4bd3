"""The file of the wording's adapter: a LoRA in the form that llama.cpp loads beside the model.

What always holds: the rows for queries and keys stand in llama.cpp's order, which turns neighbouring rows together,
where the training library turns each row with the one half a head further on.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
_NAME = re.compile(r"\.layers\.(\d+)\.\w+\.(\w+_proj)\.lora_([AB])\.")
_NAMES = {
    "q_proj": "attn_q",
    "k_proj": "attn_k",
    "v_proj": "attn_v",
    "o_proj": "attn_output",
    "gate_proj": "ffn_gate",
    "up_proj": "ffn_up",
    "down_proj": "ffn_down",
}
MODULES = tuple(_NAMES)


def heads_of(model: Path) -> dict[str, int]:
    """How many heads the queries and the keys of a GGUF model have, by the name of their matrix."""
    fields = gguf.GGUFReader(model).fields
    queries, keys = (fields[f"llama.attention.{name}"].contents() for name in ("head_count", "head_count_kv"))
    return {"attn_q": int(queries), "attn_k": int(keys)}


def turned_together(rows: Array, heads: int) -> Array:
    """The rows of each head reordered from (first halves, second halves) to pairs: row i and row i + half a head
    become neighbours. `rows` is (heads x head size, any)."""
    size, width = rows.shape
    return rows.reshape(heads, 2, size // heads // 2, width).swapaxes(1, 2).reshape(size, width)


def write(learnt: Mapping[str, Any], alpha: float, heads: Mapping[str, int], path: Path) -> None:
    """Write the adapter. `learnt` are the trained matrices (tensors of float32) by the training library's names;
    `alpha` over the rank is what their product is multiplied by. Raises `ValueError` for a name that is none."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", alpha)
    for name, tensor in sorted(learnt.items()):
        found = _NAME.search(name)
        if found is None:
            raise ValueError(f"{name} is no part of an adapter")
        layer, matrix, side = found[1], _NAMES[found[2]], found[3].lower()
        rows = np.asarray(tensor.float().numpy(), np.float32)
        if side == "b" and matrix in heads:
            rows = turned_together(rows, heads[matrix])
        writer.add_tensor(f"blk.{layer}.{matrix}.weight.lora_{side}", np.ascontiguousarray(rows.astype(np.float16)))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

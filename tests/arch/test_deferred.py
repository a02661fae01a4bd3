"""What the person's own process never loads, and what it does not load before it is needed.

Owns: the promise that the app's process holds no model library and no client of a network. Only the engine's child
processes import torch, transformers, sentence_transformers and llama_cpp.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODELS = {"torch", "transformers", "sentence_transformers", "llama_cpp", "tokenizers", "huggingface_hub"}
NETWORK = {"ssl", "asyncio", "http.client", "urllib.request", "requests", "urllib3", "httpx"}
SCREENS = {"textual"}

# Everything but the engine itself; bootstrap brings in the side of the engine that the app talks to.
IMPORT_ALL = """
import importlib, json, pkgutil, sys
import notekeeper
names = [module.name for module in pkgutil.walk_packages(notekeeper.__path__, "notekeeper.")]
for name in names:
    if not name.startswith(("notekeeper.engine.", "notekeeper.tui")):
        importlib.import_module(name)
print(json.dumps(sorted(sys.modules)))
"""


def loaded_by(*arguments: str) -> set[str]:
    """The names in sys.modules that a fresh Python prints, as a JSON list on its last line, after these arguments."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, *arguments]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return set(json.loads(result.stdout.splitlines()[-1]))


def test_the_app_loads_no_model_library_and_no_client_of_a_network() -> None:
    loaded = loaded_by("-c", IMPORT_ALL)
    assert "notekeeper.bootstrap" in loaded
    assert "notekeeper.cli" in loaded
    assert loaded & (MODELS | NETWORK | SCREENS) == set()


def test_asking_for_help_loads_no_model_library() -> None:
    code = (
        "import json, sys\n"
        "sys.argv = ['notekeeper', '--help']\n"
        "from notekeeper.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    assert loaded_by("-c", code) & (MODELS | NETWORK | SCREENS) == set()

"""Wheel and sdist built once from this tree, and a clean environment with the wheel and without the engine.

What always holds: building opens no connection (the builder is installed already); installing takes the pinned
versions from the person's own package index or pip's cache.
"""

import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Built:
    """The two files that a release consists of."""

    wheel: Path
    sdist: Path


@dataclass(frozen=True)
class Clean:
    """An environment with the wheel installed, as pipx would make it, and a home of its own."""

    folder: Path
    home: Path

    @property
    def bin(self) -> Path:
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    def environment(self, **more: str) -> dict[str, str]:
        """The person's environment without what would lead back to the checkout."""
        ours = {"PYTHONPATH", "VIRTUAL_ENV", "NOTEKEEPER_MODELS", "NOTEKEEPER_VAULT", "PYTHONHOME"}
        kept = {name: value for name, value in os.environ.items() if name not in ours}
        return {**kept, "XDG_DATA_HOME": str(self.home), "LOCALAPPDATA": str(self.home), **more}

    def notekeeper(self, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        command = [str(self.bin / "notekeeper"), *arguments]
        return subprocess.run(
            command, cwd=self.home, env=self.environment(**more), capture_output=True, text=True, check=False
        )


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The sdist, and the wheel built from that sdist: what is missing in the one is missing in the other."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return Built(wheel=next(out.glob("*.whl")), sdist=next(out.glob("*.tar.gz")))


@pytest.fixture(scope="session")
def clean(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Clean:
    """notekeeper from its wheel, without the engine's packages."""
    base = tmp_path_factory.mktemp("clean")
    made = Clean(folder=base / "venv", home=base / "home")
    made.home.mkdir()
    venv.create(made.folder, with_pip=True)
    pins = ROOT / "requirements" / "constraints.txt"
    command = [str(made.bin / "python"), "-m", "pip", "install", "--quiet", "--constraint", str(pins), str(built.wheel)]
    result = subprocess.run(command, env=made.environment(), capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return made

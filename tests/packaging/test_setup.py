"""Setting up: the second run starts in seconds and opens no connection, and a missing compiler is one sentence.

Owns: the promises of `make setup`. These tests watch the environment that `make test` has just set up.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SETUP = [sys.executable, "scripts/setup.py", "--dev"]


@pytest.mark.skipif(sys.platform != "linux", reason="strace, the witness here, is a Linux program")
def test_a_second_run_opens_no_connection_and_starts_no_pip(tmp_path: Path) -> None:
    assert shutil.which("strace"), "Install strace: it is the witness that nothing is opened."
    assert (ROOT / ".venv" / "notekeeper-setup.json").exists(), "Run `make setup` first: this watches the second run."
    trace = tmp_path / "trace"
    watched = ["strace", "-f", "-qq", "-e", "trace=network,execve", "-s", "300", "-o", str(trace), *SETUP]

    result = subprocess.run(watched, cwd=ROOT, capture_output=True, text=True, check=False)

    calls = trace.read_text(encoding="utf-8").splitlines()
    started = [call for call in calls if "execve(" in call and "= 0" in call]
    assert result.returncode == 0, result.stdout + result.stderr
    assert started, "strace saw nothing at all"
    assert [call for call in calls if "AF_INET" in call] == []
    assert [call for call in started if '"pip"' in call or "/pip" in call] == []


def test_a_changed_pin_is_noticed(tmp_path: Path) -> None:
    """The stamp covers the pins: with one changed, the set-up wants to work again."""
    for name in ("scripts", "requirements"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    code = "import sys; sys.path.insert(0, 'scripts'); import setup; print(setup.fingerprint())"

    def fingerprint() -> str:
        command = [sys.executable, "-c", code]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    before = fingerprint()
    assert fingerprint() == before
    pins = tmp_path / "requirements" / "constraints.txt"
    pins.write_text(pins.read_text(encoding="utf-8").replace("click==8", "click==9"), encoding="utf-8")
    assert fingerprint() != before


@pytest.mark.skipif(os.name == "nt", reason="Windows finds its compiler without PATH")
def test_without_a_compiler_one_sentence_names_the_package_before_anything_is_downloaded(tmp_path: Path) -> None:
    for name in ("scripts", "requirements"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    environment = {name: value for name, value in os.environ.items() if name != "CXX" and not name.startswith("PIP_")}
    environment |= {
        "PATH": str(nothing),
        "PIP_NO_INDEX": "1",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_CACHE_DIR": str(nothing / "cache"),
    }
    command = [sys.executable, "scripts/setup.py"]

    result = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert result.returncode == 1
    assert "C++ compiler" in result.stderr
    assert "install" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert not (nothing / "cache").exists()


def test_a_person_s_own_cmake_arguments_are_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    monkeypatch.setenv("CMAKE_ARGS", "-DGGML_CUDA=ON")
    import compiling

    assert compiling.build_environment()["CMAKE_ARGS"] == "-DGGML_CUDA=ON"
    monkeypatch.delenv("CMAKE_ARGS")
    assert "-DGGML_NATIVE=OFF" in compiling.build_environment()["CMAKE_ARGS"]

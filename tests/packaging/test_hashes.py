"""A file that is not the one named by its hash stops the set-up before anything of it runs.

Owns: the promises of setting up about hashes, shown with packages made here, without any index: a wheel, and a source
in llama.cpp's place that writes a mark when its build runs. The person's own pip cache is not touched.
"""

import hashlib
import os
import shutil
import tarfile
import venv
import zipfile
from pathlib import Path

import compiling
import installing
import pip
import pytest

BACKEND = """
from pathlib import Path
import zipfile

def build_wheel(folder, config_settings=None, metadata_directory=None):
    Path({mark!r}).write_text("ran", encoding="utf-8")
    name = "llama_cpp_python-0.3.36-py3-none-any.whl"
    info = "llama_cpp_python-0.3.36.dist-info"
    with zipfile.ZipFile(Path(folder) / name, "w") as wheel:
        wheel.writestr("llama_cpp.py", "")
        wheel.writestr(f"{{info}}/METADATA", "Metadata-Version: 2.1\\nName: llama-cpp-python\\nVersion: 0.3.36\\n")
        wheel.writestr(f"{{info}}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{{info}}/RECORD", "")
    return name
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with pip and nothing else."""
    folder = tmp_path_factory.mktemp("hashes") / "venv"
    venv.create(folder)
    place = next(folder.rglob("site-packages"))
    shutil.copytree(Path(pip.__file__).parent, place / "pip")  # quicker than installing it
    return installing.python_of(folder)


@pytest.fixture
def offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all pip can take packages from, and a lock of this test's own."""
    folder, lock = tmp_path / "offered", tmp_path / "lock"
    folder.mkdir()
    lock.mkdir()
    settings = {"NO_INDEX": "1", "FIND_LINKS": str(folder), "CACHE_DIR": str(tmp_path / "cache")}
    for name, value in {**settings, "CONFIG_FILE": os.devnull}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    monkeypatch.setattr(installing, "LOCK", lock)
    monkeypatch.setattr(compiling, "LOCK", lock)
    return folder


def lock(part: str, pin: str, file: Path) -> None:
    """Name a file's hash, as it is now, in the lock."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    (installing.LOCK / f"{part}.txt").write_text(f"{pin} --hash=sha256:{digest}\n", encoding="utf-8")


def small_wheel(folder: Path, text: str) -> Path:
    info = "small_thing-1.0.dist-info"
    path = folder / "small_thing-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("small_thing.py", text)
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: small-thing\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return path


def llama_source(folder: Path, mark: Path, remark: str = "") -> Path:
    """A source archive in llama.cpp's place, whose build writes `mark`."""
    inside = folder.parent / "source"
    inside.mkdir(exist_ok=True)
    (inside / "backend.py").write_text(BACKEND.format(mark=str(mark)) + remark, encoding="utf-8")
    system = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    (inside / "pyproject.toml").write_text(
        f'{system}[project]\nname = "llama-cpp-python"\nversion = "0.3.36"\n', encoding="utf-8"
    )
    about = "Metadata-Version: 2.1\nName: llama-cpp-python\nVersion: 0.3.36\n"
    (inside / "PKG-INFO").write_text(about, encoding="utf-8")
    path = folder / "llama_cpp_python-0.3.36.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        archive.add(inside, arcname="llama_cpp_python-0.3.36")
    (installing.LOCK / "compile.txt").write_text("# nothing\n", encoding="utf-8")
    return path


def test_a_wheel_that_was_altered_is_not_installed(python: Path, offered: Path) -> None:
    good = small_wheel(offered, "right = True\n")
    lock("small", "small-thing==1.0", good)
    small_wheel(offered, "right = False\n")

    with pytest.raises(installing.SetupStopped, match="hashes"):
        installing.install(python, "small")
    assert not installing.answers(python, "import small_thing")

    small_wheel(offered, "right = True\n")
    lock("small", "small-thing==1.0", offered / "small_thing-1.0-py3-none-any.whl")
    installing.install(python, "small")
    assert installing.answers(python, "import small_thing; assert small_thing.right")


def test_a_package_without_a_hash_is_not_installed(python: Path, offered: Path) -> None:
    small_wheel(offered, "right = True\n")
    (installing.LOCK / "bare.txt").write_text("small-thing==1.0\n", encoding="utf-8")
    installing.pip(python, "uninstall", "--yes", "small-thing", quiet=True)

    with pytest.raises(installing.SetupStopped):
        installing.install(python, "bare")
    assert not installing.answers(python, "import small_thing")


def test_an_altered_source_never_gets_to_build_and_a_kept_wheel_is_known_by_its_source(
    python: Path, offered: Path, tmp_path: Path
) -> None:
    """Refused when altered, compiled when right, then taken as pip keeps it, and compiled anew for another source."""
    mark = tmp_path / "ran"
    pin = f"{compiling.LLAMA}==0.3.36"
    right = llama_source(offered, mark)
    lock("llama", pin, right)
    llama_source(offered, mark, remark="# altered\n")
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()

    with pytest.raises(installing.SetupStopped):
        compiling.compiled(python, tmp_path / "first")
    assert not mark.exists()

    right = llama_source(offered, mark)
    lock("llama", pin, right)
    assert compiling.compiled(python, tmp_path / "second").exists()
    assert mark.exists()

    mark.unlink()
    assert compiling.kept_by_pip(python, "0.3.36")
    compiling.put_in(python, "0.3.36")
    assert compiling.here(python, "0.3.36")
    assert not mark.exists(), "compiled again, although pip keeps what was built from this source"

    assert installing.pip(python, "uninstall", "--yes", compiling.LLAMA, quiet=True)
    lock("llama", pin, llama_source(offered, mark, remark="# another\n"))
    compiling.put_in(python, "0.3.36")
    assert mark.exists(), "what pip keeps was built from another source than the pinned one, and was taken"

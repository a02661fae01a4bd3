"""Hashes of files that the main index does not hold: torch's builds for processors, ready-made wheels of llama.cpp.

What always holds: only a version that is pinned already gains a hash, and only by this command, which a person gives;
setting up never adds one. What an index says of a file is believed once, when this is run, and held from then on.
"""

import hashlib
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from urllib.request import urlopen

from lock import BESIDE, BESIDE_HEAD, LockError, read_file, save, save_builds
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

PYTHONS = {"cp311", "cp312", "cp313", "py3"}


class Links(HTMLParser):
    """The addresses of all links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def add(package: str, file: str, source: str) -> list[str]:
    """Add the hashes of the pinned version's wheels at `source` to requirements/; returns the files' names.

    `source` is the address of a package index (its simple pages), or a folder of wheels. `file` names the file of
    requirements/ that holds the package. Raises LockError when there is none of this version.
    """
    entry = read_file(file)[package]
    folder = Path(source)
    found = in_folder(folder) if folder.is_dir() else at_index(source, package)
    fitting = {name: where for name, where in found.items() if build_of(name, package, entry.version)}
    if not fitting:
        raise LockError(f"{source} has no wheel of {package} {entry.version}.")
    lines = {
        f"{package}=={build_of(name, package, entry.version)} {digest(where)} {name}" for name, where in fitting.items()
    }
    held = BESIDE.read_text(encoding="utf-8").splitlines() if BESIDE.exists() else []
    lines |= {line for line in held if line and not line.startswith("#")}
    BESIDE.write_text(BESIDE_HEAD + "".join(f"{line}\n" for line in sorted(lines)), encoding="utf-8")
    save(file, [entry])
    save_builds()
    return sorted(fitting)


def in_folder(folder: Path) -> dict[str, str]:
    """The wheels of a folder: name to address."""
    return {path.name: path.resolve().as_uri() for path in folder.glob("*.whl")}


def at_index(source: str, package: str) -> dict[str, str]:
    """The wheels that an index's page of this package links to: name to address. Raises LockError when it fails."""
    page = source if source.endswith("/") else f"{source}/"
    page = urljoin(page, f"{package}/")
    links = Links()
    links.feed(fetch(f"{page}index.html" if page.startswith("file:") else page).decode("utf-8"))
    whole = [urljoin(page, link) for link in links.found]
    names = [unquote(urlsplit(link).path).rsplit("/", 1)[-1] for link in whole]
    return {name: link for name, link in zip(names, whole, strict=True) if name.endswith(".whl")}


def build_of(name: str, package: str, version: str) -> str | None:
    """The whole version of a wheel ("2.13.0+cpu") if it is this one, for a processor and a Python of notekeeper's."""
    try:
        found, its, _, tags = parse_wheel_filename(name)
    except InvalidWheelFilename:
        return None
    pythons = {tag.interpreter for tag in tags}
    fitting = found == canonicalize_name(package) and its.public == version and pythons & PYTHONS
    return str(its) if fitting and its.local in {None, "cpu"} else None


def digest(link: str) -> str:
    """SHA-256 of the file: as the index states it, else of the file itself, which is then downloaded."""
    address, fragment = urldefrag(link)
    kind, _, value = fragment.partition("=")
    return value if kind == "sha256" else hashlib.sha256(fetch(address)).hexdigest()


def fetch(address: str) -> bytes:
    """What lies at this address. Raises LockError when it cannot be had, or is not https (or a file of one's own)."""
    if urlsplit(address).scheme not in {"https", "file"}:
        raise LockError(f"{address} is no https address; hashes are not taken over an open line.")
    try:
        with urlopen(address, timeout=60) as answer:  # noqa: S310 - the scheme is checked above
            return bytes(answer.read())
    except OSError as error:
        raise LockError(f"{address} cannot be read: {error}.") from error

"""Where things lie: the files that come with notekeeper, the downloaded weights and the therapist's vault.

What always holds here: every function is pure but for reading the environment and asking whether a file is there;
nothing is created, neither at import nor at a call. A file that comes with notekeeper has one name, its path from the
root of the project ("models/catalogue.toml"), in a source checkout and in an installed wheel alike.
"""

import os
from pathlib import Path

from platformdirs import user_config_path, user_data_path, user_state_path

from notekeeper.errors import NotekeeperError

_PACKAGE = Path(__file__).resolve().parent


def checkout() -> Path | None:
    """The root of the source checkout this code runs from; None when it runs from an installed wheel."""
    root = _PACKAGE.parents[1]
    in_checkout = root / "src" / "notekeeper" == _PACKAGE and (root / "pyproject.toml").is_file()
    return root if in_checkout else None


def resource(name: str) -> Path:
    """The file or folder of that name among those that come with notekeeper.

    `name` is the path from the project's root with forward slashes: "prompts", "models/catalogue.toml",
    "models/starter/data/taxonomy.json". Raises NotekeeperError when the installation lacks it.
    """
    path = (checkout() or _PACKAGE / "_data").joinpath(*name.split("/"))
    if not path.exists():
        raise NotekeeperError(
            f"A part of notekeeper is missing: {name}. Your vault is not touched. Install notekeeper again."
        )
    return path


def models_folder() -> Path:
    """Where downloaded weights lie: NOTEKEEPER_MODELS if set, else models/weights in a checkout, else the user's data.

    The folder may not exist yet.
    """
    if chosen := os.environ.get("NOTEKEEPER_MODELS"):
        return Path(chosen).expanduser().absolute()
    if root := checkout():
        return root / "models" / "weights"
    return user_data_path("notekeeper", appauthor=False) / "models"


def state_folder() -> Path:
    """Where this computer notes how far each vault's log had come: NOTEKEEPER_STATE if set, else the user's state.

    The folder may not exist yet.
    """
    if chosen := os.environ.get("NOTEKEEPER_STATE"):
        return Path(chosen).expanduser().absolute()
    return user_state_path("notekeeper", appauthor=False)


def templates_folder() -> Path:
    """Where the therapist's own templates lie: NOTEKEEPER_TEMPLATES if set, else `templates` in the user's settings.

    The folder may not exist yet.
    """
    if chosen := os.environ.get("NOTEKEEPER_TEMPLATES"):
        return Path(chosen).expanduser().absolute()
    return user_config_path("notekeeper", appauthor=False) / "templates"


def supervisor_settings() -> Path:
    """Where a supervisor's list of known keys lies: NOTEKEEPER_SUPERVISOR if set, else `supervisor` in the user's
    settings.

    The folder may not exist yet.
    """
    return _supervisor(user_config_path("notekeeper", appauthor=False))


def supervisor_data() -> Path:
    """Where a supervisor's hours lie, and comments that have no place beside their report: NOTEKEEPER_SUPERVISOR if
    set, else `supervisor` in the user's data.

    The folder may not exist yet.
    """
    return _supervisor(user_data_path("notekeeper", appauthor=False))


def _supervisor(folder: Path) -> Path:
    if chosen := os.environ.get("NOTEKEEPER_SUPERVISOR"):
        return Path(chosen).expanduser().absolute()
    return folder / "supervisor"


def default_vault() -> Path:
    """The vault used when none is named: NOTEKEEPER_VAULT if set, else main.vault in the user's data folder.

    The vault may not exist yet.
    """
    if chosen := os.environ.get("NOTEKEEPER_VAULT"):
        return Path(chosen).expanduser().absolute()
    return user_data_path("notekeeper", appauthor=False) / "main.vault"

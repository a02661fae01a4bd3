"""How this person likes the app: its colours, and after how long it locks.

What always holds: the file says nothing about clients, notes, vaults or the person's name; a missing or damaged file
means the defaults, value by value; it is written whole or not at all.
"""

import contextlib
import json
from enum import StrEnum
from pathlib import Path
from typing import Any

from platformdirs import user_config_path
from pydantic import Field, ValidationError

from notekeeper.domain.text import Frozen
from notekeeper.isolation.private import read_private, write_private

IDLE_CHOICES = (1, 2, 5, 10, 15, 30)
_LARGEST = 10_000


class Colours(StrEnum):
    DARK = "dark"
    LIGHT = "light"
    HIGH_CONTRAST = "high contrast"


class Preferences(Frozen):
    """`idle_minutes` is the time without a key or click after which the app locks: 1 to 60. `system_clipboard`: what
    is cut or copied also goes where other programs can paste it."""

    colours: Colours = Colours.DARK
    idle_minutes: int = Field(default=5, ge=1, le=60)
    system_clipboard: bool = False


def settings_path() -> Path:
    """Where the settings are kept. The file may not exist yet."""
    return user_config_path("notekeeper", appauthor=False) / "settings.json"


def load_preferences() -> Preferences:
    """What was kept; the default for each value that is missing or cannot be used."""
    try:
        raw = json.loads(read_private(settings_path(), _LARGEST))
    except (OSError, ValueError, RecursionError):
        return Preferences()
    kept: dict[str, Any] = {}
    for name in Preferences.model_fields:
        if isinstance(raw, dict) and name in raw:
            with contextlib.suppress(ValidationError):
                Preferences.model_validate({name: raw[name]})
                kept[name] = raw[name]
    return Preferences.model_validate(kept)


def save_preferences(preferences: Preferences) -> bool:
    """Keep them for the next start. False when the folder cannot be written; they hold until the app ends then."""
    path = settings_path()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(path, json.dumps(preferences.model_dump(mode="json")).encode())
    except OSError:
        return False
    return True

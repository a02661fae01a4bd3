"""The app and its vault as the tests of the app have them."""

from tests.tui.conftest import app_at, fast_fingers, first, sealed, settings_file, vault

__all__ = ["app_at", "fast_fingers", "first", "sealed", "settings_file", "vault"]

"""The encoder's worker of the engine's tests, for what is asked of a running worker."""

from tests.engine.conftest import catalogue, encoder, encoder_entry, models

__all__ = ["catalogue", "encoder", "encoder_entry", "models"]

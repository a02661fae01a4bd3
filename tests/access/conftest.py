"""One empty vault is made; each test gets a copy of it."""

from tests.vault.conftest import first, sealed, vault

__all__ = ["first", "sealed", "vault"]

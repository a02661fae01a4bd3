"""One vault is made for all of these tests; each test gets a copy of it, open."""

from tests.vault.conftest import first, sealed, vault

__all__ = ["first", "sealed", "vault"]

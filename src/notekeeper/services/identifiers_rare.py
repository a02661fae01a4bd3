"""Themes that only one client of the caseload has, which may tell somebody who it is.

What always holds: only signed themes are compared, by their code; a theme without one is in its own words, and is
counted as not compared rather than as common.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from notekeeper.domain.note import Client
from notekeeper.domain.vault import Vault


@dataclass(frozen=True, slots=True)
class RareTheme:
    """A theme of one client alone: the client's code, the taxonomy's code, and how it was worded last."""

    client_code: str
    code: str
    label: str = field(repr=False)


def rare_themes(vault: Vault, clients: Sequence[Client] = ()) -> tuple[RareTheme, ...]:
    """The rare themes of these clients, of all without them, by client and in the order first signed. Every signed
    theme of the vault is read for it. Raises `ChainBrokenError`."""
    worded: dict[tuple[str, str], str] = {}
    holders: dict[str, set[str]] = defaultdict(set)
    for client in vault.clients.all():
        for review in vault.signoffs.of_client(client.id):
            for item in review.body.items:
                if item.kind == "theme" and item.code:
                    holders[item.code].add(client.code)
                    worded[client.code, item.code] = item.text
    asked = {client.code for client in clients}
    return tuple(
        RareTheme(code, theme, label)
        for (code, theme), label in worded.items()
        if len(holders[theme]) == 1 and (not asked or code in asked)
    )

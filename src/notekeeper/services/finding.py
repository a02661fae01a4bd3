"""Finding: notes by words and filters, and follow-ups by their words.

What always holds: what is looked for is kept nowhere; notes come first, and follow-ups are looked for where nothing
but a client or days narrows the search.
"""

from dataclasses import dataclass
from datetime import date

from notekeeper.domain.finding import ALL, Filters, checked, words_in
from notekeeper.domain.follow_up import FollowUp
from notekeeper.domain.note import Client, NotePart
from notekeeper.domain.vault import SearchHit, Vault
from notekeeper.errors import UsageError
from notekeeper.services.access_log import search_made


@dataclass(frozen=True, slots=True)
class Found:
    """`hits` newest first, `more` when there are others; `follow_ups` by the day they are due."""

    hits: tuple[SearchHit, ...]
    follow_ups: tuple[FollowUp, ...]
    more: bool


def find(vault: Vault, words: str, client: Client | None = None, filters: Filters = ALL, most: int = 50) -> Found:
    """At most `most` notes, and as many follow-ups. Raises `UsageError` for filters that no note can pass."""
    search_made(vault, client)
    client_id = client.id if client else None
    hits = vault.search(words, client_id, most + 1, checked(filters))
    return Found(tuple(hits[:most]), tuple(_follow_ups(vault, words, client_id, filters))[:most], len(hits) > most)


def _follow_ups(vault: Vault, words: str, client_id: str | None, filters: Filters) -> list[FollowUp]:
    wanted = words_in(words[:10_000])
    # A follow-up is no note: it has neither kind nor part, and is never signed.
    if not wanted or filters.kind or filters.theme or filters.signed is not None or filters.part is NotePart.PROCESS:
        return []
    first, last = filters.start or date.min, filters.end or date.max
    return [
        each
        for each in vault.follow_ups.of_client(client_id)
        if first <= each.due <= last and wanted <= words_in(each.words)
    ]


def read_filter_day(written: str) -> date | None:
    """A day written YYYY-MM-DD, None for nothing. Raises `UsageError`."""
    try:
        return date.fromisoformat(written.strip()) if written.strip() else None
    except ValueError:
        raise UsageError("A day is written YYYY-MM-DD, like 2026-03-14. Nothing was searched.") from None


def place_words(hit: SearchHit) -> str:
    """Where in a note something was found."""
    if hit.risk:
        return "a risk entry of an addendum" if hit.addendum else "the risk entry"
    if hit.addendum:
        return "an addendum"
    return "process notes" if hit.part is NotePart.PROCESS else "the record"

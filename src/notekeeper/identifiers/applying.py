"""Decisions on what was found: which of them a word falls under, and what then stands in its place.

What always holds: a keep covers that spelling alone; what is replaced is replaced as a whole word.
"""

import re
from collections.abc import Sequence

from notekeeper.domain.identifiers import Identifier, IdentifierDecision, Treatment
from notekeeper.domain.report import ReportDocument
from notekeeper.identifiers.fields import rewritten

_INSTEAD = "[left out]"


def apply(
    document: ReportDocument,
    decisions: Sequence[IdentifierDecision],
    dictionary: Sequence[Identifier] = (),  # noqa: ARG001 - other spellings of its entries
) -> ReportDocument:
    """The document with what was decided put in place of what was found, in every text of it."""
    instead = {d.found.casefold(): d.instead or _INSTEAD for d in decisions if d.treatment is not Treatment.KEEP}

    def change(text: str, _client: str) -> str:
        for found, words in instead.items():
            pattern = rf"(?<!\w){re.escape(found)}(?!\w)"
            text = re.sub(pattern, words.replace("\\", r"\\"), text, flags=re.IGNORECASE)
        return text

    return rewritten(document, change)

"""The forms that a known identifier may have in a text: whole, in part, as a short name, with an s.

What always holds: forms are folded and have no spaces; which of them is an ordinary word is known, so that it is only
taken for the name where a capital says so.
"""

import re
from dataclasses import dataclass, field

from notekeeper.domain.identifiers import Identifier, IdentifierType
from notekeeper.identifiers.folding import words_of
from notekeeper.identifiers.nicknames import other_forms
from notekeeper.identifiers.words import TITLES, is_ordinary

_SMALL_WORDS = frozenset(
    "a an and at co com de del der di du el gov http https in la le net nhs of on org s st the to uk van von "
    "www y".split()
)
_INITIALS = re.compile(r"(?:[A-Z]\.?[\s-]?){1,3}")


@dataclass(frozen=True, slots=True)
class Form:
    """`words` is how many words the form is made of; `whole` that it is the identifier itself; `named` that it counts
    only where it is written with a capital: a short form, a part or initials that would be an ordinary word; `near`
    that a letter may be wrong."""

    text: str = field(repr=False)
    words: int
    whole: bool
    named: bool
    near: bool


def forms_of(identifier: Identifier) -> tuple[Form, ...]:
    """Every form of an identifier with letters in it, without repeats; the whole of it first."""
    words = [word.folded for word in words_of(identifier.text).words]
    if not words or not any(letter.isalpha() for letter in "".join(words)):
        return ()
    joined = "".join(words)
    initials = bool(_INITIALS.fullmatch(identifier.text.strip()))
    found = [
        Form(joined, len(words), whole=True, named=initials or len(joined) < 2, near=len(joined) > 2 and not initials)
    ]
    person = identifier.type in {IdentifierType.PERSON, IdentifierType.OTHER}
    parts = [word for word in words if word not in TITLES and word not in _SMALL_WORDS and word.isalpha()]
    if len(words) > 1:
        for part in parts:
            ordinary = is_ordinary(part)
            if len(part) > 1 and (person or not ordinary) and (len(part) > 2 or person):
                found.append(Form(part, 1, whole=False, named=ordinary, near=len(part) > 3 and not ordinary))
        if len(parts) > 1 and parts != words:
            found.append(Form("".join(parts), len(parts), whole=False, named=False, near=True))
    if person and parts:
        for nick in sorted(other_forms(parts[0])):
            found.append(
                Form(nick, 1, whole=False, named=is_ordinary(nick), near=len(nick) > 3 and not is_ordinary(nick))
            )
            if len(parts) > 1:
                found.append(Form(nick + "".join(parts[1:]), len(parts), whole=False, named=False, near=True))
    unique: dict[str, Form] = {}
    for form in found:
        unique.setdefault(form.text, form)
    return tuple(unique.values())

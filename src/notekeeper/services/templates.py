"""What a new note begins with, and how its format is named to people.

What always holds: a template is headings alone, which the drafting step knows for headings and not for evidence; it
says nothing about a client.
"""

from notekeeper.domain.note import NoteFormat, NoteKind

_FORMATS = {
    NoteFormat.FREE: "Free text",
    NoteFormat.SOAP: "SOAP",
    NoteFormat.DAP: "DAP",
    NoteFormat.BIRP: "BIRP",
    NoteFormat.GIRP: "GIRP",
}
_HEADINGS = {
    NoteFormat.SOAP: ("Subjective", "Objective", "Assessment", "Plan"),
    NoteFormat.DAP: ("Data", "Assessment", "Plan"),
    NoteFormat.BIRP: ("Behaviour", "Intervention", "Response", "Plan"),
    NoteFormat.GIRP: ("Goals", "Intervention", "Response", "Plan"),
}


def format_words(layout: NoteFormat) -> str:
    """How a format of note is shown to a person."""
    return _FORMATS[layout]


def template(kind: NoteKind, layout: NoteFormat) -> str:
    """The text a new note begins with: the headings of its format, each on a line of its own with a line to write on.

    A note that the client did not attend needs some words to be kept at all, and those are its kind's name.
    """
    if layout is NoteFormat.FREE:
        return "Did not attend.\n" if kind is NoteKind.DID_NOT_ATTEND else ""
    return "\n\n".join(f"{heading}:\n" for heading in _HEADINGS[layout])

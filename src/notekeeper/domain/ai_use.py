"""The client's own use of AI, as the client tells of it: an entry of their file, in neutral fields.

What always holds: every text is the therapist's; none is filled, judged or read by the program.
"""

from datetime import date

from pydantic import Field

from notekeeper.domain.text import Frozen

MAX_AI_USE = 4000


class AiUse(Frozen):
    """`tool` is what the client uses, `purpose` what for, `meaning` what the client makes of it, `agreed` what you
    both agreed about it, `day` when it was spoken of."""

    tool: str = Field(default="", max_length=MAX_AI_USE, repr=False)
    purpose: str = Field(default="", max_length=MAX_AI_USE, repr=False)
    meaning: str = Field(default="", max_length=MAX_AI_USE, repr=False)
    agreed: str = Field(default="", max_length=MAX_AI_USE, repr=False)
    day: date

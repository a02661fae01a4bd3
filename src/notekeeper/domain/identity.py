"""Who a code stands for: optional, kept apart, shown on request.

What always holds: no field need be filled; nothing here is ever given to a model, a report or the log.
"""

from datetime import date

from pydantic import Field

from notekeeper.domain.text import Frozen

MAX_IDENTITY_FIELD = 2000


class Identity(Frozen):
    """Texts as the therapist wrote them. `born` also says when somebody under 18 comes of age. `other_names` are
    nicknames and names of people near the client, one to a line."""

    name: str = Field(default="", max_length=MAX_IDENTITY_FIELD, repr=False)
    other_names: str = Field(default="", max_length=MAX_IDENTITY_FIELD, repr=False)
    born: date | None = Field(default=None, repr=False)
    address: str = Field(default="", max_length=MAX_IDENTITY_FIELD, repr=False)
    phone: str = Field(default="", max_length=MAX_IDENTITY_FIELD, repr=False)
    email: str = Field(default="", max_length=MAX_IDENTITY_FIELD, repr=False)
    health_number: str = Field(default="", max_length=MAX_IDENTITY_FIELD, repr=False)

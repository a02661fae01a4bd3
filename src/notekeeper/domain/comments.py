"""What a supervisor writes back on a report: comments and agreed actions, each on an item of it.

What always holds: a file of comments names the report it is about by the SHA-256 of that report's JSON file, so that
it is taken in beside exactly that report or not at all; files of an unknown `format_version` are refused.
"""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from notekeeper.domain.report import ItemRef
from notekeeper.domain.text import Frozen

COMMENTS_FORMAT = "notekeeper-supervision-comments"
MAX_COMMENT = 4000
MAX_COMMENTS = 500


class SupervisorComment(Frozen):
    """Words on one item. `action` True says that it was agreed to be done, until `until` if a day was agreed."""

    ref: ItemRef = Field(min_length=1, max_length=200)
    text: str = Field(min_length=1, max_length=MAX_COMMENT)
    action: bool = False
    until: date | None = None


class CommentsFile(Frozen):
    """`discussed_on` is the day of the supervision, `minutes` how long it took, None while it has not been held."""

    format: Literal["notekeeper-supervision-comments"] = "notekeeper-supervision-comments"
    format_version: Literal[1] = 1
    report_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    supervisor: str = Field(default="", max_length=200)
    discussed_on: date | None = None
    minutes: int | None = Field(default=None, ge=1, le=600)
    comments: tuple[SupervisorComment, ...] = Field(default=(), max_length=MAX_COMMENTS)
    written_at: datetime

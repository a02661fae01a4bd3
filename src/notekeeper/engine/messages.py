"""The messages that frames carry, checked on both sides of the pipe.

What always holds: a message that does not fit its model exactly is refused, and the refusal does not show it.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from notekeeper.engine.catalogue import Entry
from notekeeper.engine.frames import FrameError

BOND = 64
"""Numbers of a reading's bond; a row holds codes, salience, four trends, then these."""

Role = Literal["system", "user", "assistant"]


class Message(BaseModel):
    """`request` numbers the requests of one worker from 1; an answer carries the number of what it answers."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
    request: int = Field(ge=1)

    def header(self) -> dict[str, Any]:
        """The JSON object that a frame carries."""
        return self.model_dump(mode="json")

    def __repr__(self) -> str:
        """Says the kind alone: fields may hold a note's words."""
        return f"<{type(self).__name__} {self.request}>"


class Load(Message):
    """Load the model `entry` from `folder` (the models folder). `bundled` is the folder of the parts that come with
    notekeeper; without it the model stays untaught. `context` and `prefixes` matter to wording alone."""

    kind: Literal["load"] = "load"
    entry: Entry
    folder: str
    bundled: str = ""
    threads: int = Field(ge=1)
    context: int = Field(default=0, ge=0)
    prefixes: int = Field(default=1, ge=1, le=8)


class Encode(Message):
    kind: Literal["encode"] = "encode"
    texts: tuple[str, ...]


class Read(Message):
    """Read the sentences of one note, in order, by the taught part."""

    kind: Literal["read"] = "read"
    texts: tuple[str, ...]


class SaidTurn(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
    role: Role
    text: str


class Word(Message):
    kind: Literal["word"] = "word"
    prefix: tuple[SaidTurn, ...]
    turns: tuple[SaidTurn, ...]
    grammar: str = Field(min_length=1)
    max_tokens: int = Field(ge=1)


class Cancel(Message):
    kind: Literal["cancel"] = "cancel"


class Loaded(Message):
    kind: Literal["loaded"] = "loaded"
    sha256: str
    taught_sha256: str | None = None
    load_s: float
    context: int | None = None
    threads: int | None = None


class Advanced(Message):
    kind: Literal["advanced"] = "advanced"
    stage: Literal["loading", "reading", "prompt", "wording"]
    done: int = Field(ge=0)
    total: int = Field(ge=0)


class Encoded(Message):
    """The payload holds rows × width little-endian float32."""

    kind: Literal["encoded"] = "encoded"
    rows: int = Field(ge=0)
    width: int = Field(ge=0)


class Answered(Message):
    kind: Literal["answered"] = "answered"
    text: str
    complete: bool
    surprise: float = 0.0
    prompt_tokens: int
    prompt_s: float
    completion_tokens: int
    completion_s: float


class Failed(Message):
    kind: Literal["failed"] = "failed"
    code: str
    detail: str = Field(default="", pattern=r"^[0-9]{0,9}$")


Request = Load | Encode | Read | Word | Cancel
Answer = Loaded | Advanced | Encoded | Answered | Failed

_REQUESTS: TypeAdapter[Request] = TypeAdapter(Annotated[Request, Field(discriminator="kind")])
_ANSWERS: TypeAdapter[Answer] = TypeAdapter(Annotated[Answer, Field(discriminator="kind")])


def parse_request(header: dict[str, Any]) -> Request:
    """The request a header holds. Raises `FrameError`."""
    try:
        return _REQUESTS.validate_python(header)
    except ValidationError:
        raise FrameError("a request of the wrong shape") from None


def parse_answer(header: dict[str, Any]) -> Answer:
    """The answer a header holds. Raises `FrameError`."""
    try:
        return _ANSWERS.validate_python(header)
    except ValidationError:
        raise FrameError("an answer of the wrong shape") from None

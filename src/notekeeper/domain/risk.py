"""The risk entry, which no machine can fill.

What always holds: the program never chooses a state, never writes the words, and never says that risk is absent.
Signing needs a chosen state; "not recorded" must be chosen like any other.
"""

from enum import StrEnum

from pydantic import Field

from notekeeper.domain.text import Frozen


class RiskState(StrEnum):
    ASKED_DISCLOSED = "asked_disclosed"
    ASKED_NOT_DISCLOSED = "asked_not_disclosed"
    RAISED_BY_CLIENT = "raised_by_client"
    NOT_ASKED = "not_asked"
    NOT_RECORDED = "not_recorded"

    @property
    def words(self) -> str:
        """How the state is shown to a person."""
        return _WORDS[self]

    @property
    def asked(self) -> bool:
        """Whether risk was asked about in this session."""
        return self in (RiskState.ASKED_DISCLOSED, RiskState.ASKED_NOT_DISCLOSED)


_WORDS = {
    RiskState.ASKED_DISCLOSED: "Asked – disclosed",
    RiskState.ASKED_NOT_DISCLOSED: "Asked – not disclosed",
    RiskState.RAISED_BY_CLIENT: "Raised by client",
    RiskState.NOT_ASKED: "Not asked",
    RiskState.NOT_RECORDED: "Not recorded",
}


class RiskEntry(Frozen):
    """Risk and safeguarding of one session in the therapist's own words. `words` and `action` may be empty."""

    state: RiskState
    words: str = Field(default="", max_length=4000)
    action: str = Field(default="", max_length=4000)
    safeguarding: str = Field(default="", max_length=4000)

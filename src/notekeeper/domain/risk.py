"""The risk entry, which no machine can fill.

What always holds: the program never chooses a state, never writes the words, and never says that risk is absent.
Signing needs a chosen state; "not recorded" must be chosen like any other. A kind of risk that was not chosen is shown
as not recorded. An entry that contradicts itself can be kept while it is being written, and cannot be signed.
"""

from enum import StrEnum

from pydantic import Field, model_validator

from notekeeper.domain.text import Frozen
from notekeeper.errors import UsageError

MOST_CHARACTERS = 4000


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

    @property
    def told(self) -> bool:
        """Whether the client spoke of risk, asked or not."""
        return self in (RiskState.ASKED_DISCLOSED, RiskState.RAISED_BY_CLIENT)


_WORDS = {
    RiskState.ASKED_DISCLOSED: "Asked – disclosed",
    RiskState.ASKED_NOT_DISCLOSED: "Asked – not disclosed",
    RiskState.RAISED_BY_CLIENT: "Raised by client",
    RiskState.NOT_ASKED: "Not asked",
    RiskState.NOT_RECORDED: "Not recorded",
}


class RiskKind(StrEnum):
    SUICIDE = "suicide"
    SELF_HARM = "self_harm"
    HARM_TO_OTHERS = "harm_to_others"
    HARM_FROM_OTHERS = "harm_from_others"

    @property
    def words(self) -> str:
        """How the kind is shown to a person."""
        return {RiskKind.SELF_HARM: "Self-harm"}.get(self, self.value.replace("_", " ").capitalize())

    @property
    def by_the_client(self) -> bool:
        """Whether it is the client who might do it, so that thoughts, plan and intent can be asked about."""
        return self is not RiskKind.HARM_FROM_OTHERS


class RiskWhen(StrEnum):
    PAST = "past"
    CURRENT = "current"
    BOTH = "both"
    NOT_SAID = "not_said"

    @property
    def words(self) -> str:
        """How it is shown to a person, in small letters."""
        return {RiskWhen.BOTH: "past and current", RiskWhen.NOT_SAID: "past or current: not said"}.get(self, self.value)


class RiskAnswer(StrEnum):
    """What is known of thoughts, plan or intent."""

    YES = "yes"
    NO = "no"
    NOT_ASKED = "not_asked"

    @property
    def words(self) -> str:
        """How it is shown to a person, in small letters."""
        return self.value.replace("_", " ")


class KindOfRisk(Frozen):
    """What is recorded of one kind. `thoughts`, `plan` and `intent` are None where nothing was recorded, and always
    for harm from others, where it is not the client's to answer."""

    kind: RiskKind
    state: RiskState
    when: RiskWhen = RiskWhen.NOT_SAID
    thoughts: RiskAnswer | None = None
    plan: RiskAnswer | None = None
    intent: RiskAnswer | None = None

    @model_validator(mode="after")
    def _answers_fit(self) -> "KindOfRisk":
        if not self.kind.by_the_client and any(answer for _, answer in self.answers):
            raise ValueError("thoughts, plan and intent belong to suicide, self-harm and harm to others")
        return self

    @property
    def answers(self) -> tuple[tuple[str, RiskAnswer | None], ...]:
        """Thoughts, plan and intent by name."""
        return ("thoughts", self.thoughts), ("plan", self.plan), ("intent", self.intent)

    @property
    def words(self) -> str:
        """As in: Asked – disclosed; past and current; thoughts yes, plan no, intent not recorded. Of what was not
        disclosed or raised only what was answered."""
        told, answered = [self.state.words], any(answer for _, answer in self.answers)
        if self.state.told or self.when is not RiskWhen.NOT_SAID:
            told.append(self.when.words)
        if answered:
            told.append(", ".join(f"{name} {value.words if value else 'not recorded'}" for name, value in self.answers))
        elif self.state.told and self.kind.by_the_client:
            told.append("thoughts, plan and intent not recorded")
        return "; ".join(told)


class RiskEntry(Frozen):
    """Risk and safeguarding of one session in the therapist's own words. `kinds` holds those that were chosen, each
    once; every text may be empty. `safeguarding` are the words of the concern."""

    state: RiskState
    words: str = Field(default="", max_length=MOST_CHARACTERS)
    action: str = Field(default="", max_length=MOST_CHARACTERS)
    safeguarding: str = Field(default="", max_length=MOST_CHARACTERS)
    kinds: tuple[KindOfRisk, ...] = ()
    protective: str = Field(default="", max_length=MOST_CHARACTERS)
    told: str = Field(default="", max_length=MOST_CHARACTERS)
    safeguarding_child: bool = False
    safeguarding_adult: bool = False

    @model_validator(mode="after")
    def _each_kind_once(self) -> "RiskEntry":
        if len({each.kind for each in self.kinds}) != len(self.kinds):
            raise ValueError("a kind of risk stands in an entry once")
        return self

    @property
    def asked(self) -> bool:
        """Whether risk of any kind was asked about."""
        return self.state.asked or any(each.state.asked for each in self.kinds)

    def of(self, kind: RiskKind) -> KindOfRisk | None:
        """What is recorded of `kind`, None where nothing is."""
        return next((each for each in self.kinds if each.kind is kind), None)


def contradictions(entry: RiskEntry) -> tuple[str, ...]:
    """Where the entry says two things that cannot both be so, a sentence each. Nothing of its words is in them."""
    found = []
    for each in entry.kinds:
        name, state, overall = each.kind.words, each.state, entry.state
        clash = (
            (state.told and not overall.told)
            or (state.asked and overall is RiskState.NOT_ASKED)
            or (state is not RiskState.NOT_RECORDED and overall is RiskState.NOT_RECORDED)
        )
        if clash:
            found.append(
                f"{name} says “{state.words}”, and the overall state says “{overall.words}”. Change one of them."
            )
        yes = [each_name for each_name, answer in each.answers if answer is RiskAnswer.YES]
        no = [each_name for each_name, answer in each.answers if answer is RiskAnswer.NO]
        if yes and not state.told:
            found.append(f"{name} says “{state.words}”, and yes to {_listed(yes)}. Change one of them.")
        elif no and not (state.told or state.asked):
            found.append(f"{name} says “{state.words}”, and no to {_listed(no)}. Change one of them.")
    return tuple(found)


def refuse_contradictions(entry: RiskEntry) -> None:
    """Raise `UsageError` with the first contradiction of the entry."""
    for sentence in contradictions(entry):
        raise UsageError(f"The risk entry contradicts itself. {sentence} Nothing was changed.")


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

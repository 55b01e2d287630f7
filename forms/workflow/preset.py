"""Workflow presets, read from `catalogue/workflows.yaml`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

from pydantic import Field

from common.status import Status
from forms.definition.fee import FeeMoment
from forms.definition.source import read_source
from forms.definition.states import Cause, Doer, Fork, Need, SignOff, StateDeadline, StateKind, Who
from forms.definition.strict_model import Expression, Id, StrictModel
from forms.text.localized import Text

FINAL_KINDS = frozenset({"done", "refused", "withdrawn"})


class State(StrictModel):
    """A state of a case. `short` is its name in the progress bar; `seen_as` the state of the bar that is marked instead.

    `announcement` is what the applicant is told when it is reached, `next_step` what they do then, or that there is nothing to do.
    """

    id: Id
    kind: StateKind
    status: Status
    title: Text
    short: Text
    announcement: Text | None = None
    next_step: Text | None = None
    seen_as: Id | None = None
    deadline: StateDeadline | None = None
    stages_needed: Literal["all", "any"] = "all"

    def announced_in(self, language: str) -> str:
        """What the applicant is told when it is reached; by its name where it has no words of its own."""
        return (self.announcement or self.title).for_language(language)

    def next_step_in(self, language: str) -> str:
        """What the applicant does then; empty where nothing is said of it."""
        return self.next_step.for_language(language) if self.next_step is not None else ""

    @property
    def final(self) -> bool:
        """Whether the case has come to its end."""
        return self.kind in FINAL_KINDS


class Move(StrictModel):
    """A way from one state to another.

    `who` may take it: `applicant`, `system` or roles of the office, some of them on a condition; all of it only while
    `when` holds. `fee` is the moment whose fee decides where a fork leads. `forward` marks the decision before which added
    stages stand, `conditions` one to which the office may attach conditions, `corrects` one
    that puts a new decision in the place of one that was told (職権取消・訂正),
    `partial` are the questions of which a part may be granted (一部許可); `signed_off_by` are those who must agree, one after
    another, before it takes effect. `stage` is the stage whose form the move needs,
    `passes` the one at its state that is done with it or passed over, `skips` the one on the way that is passed over.
    `event` is the name under which the case's history keeps it,
    `message` what the applicant reads, with expressions in braces.
    """

    id: Id
    title: Text
    from_: tuple[Id, ...] = Field(alias="from", min_length=1)
    to: Id | Fork
    who: tuple[Who, ...] = Field(min_length=1)
    when: Expression | None = None
    fee: FeeMoment | None = None
    forward: bool = False
    needs: tuple[Need, ...] = ()
    causes: tuple[Cause, ...] = ()
    conditions: bool = False
    corrects: bool = False
    partial: tuple[Id, ...] = ()
    signed_off_by: tuple[SignOff, ...] = ()
    stage: Id | None = None
    passes: Id | None = None
    skips: Id | None = None
    event: str
    message: Text | None = None

    @property
    def roles(self) -> frozenset[str]:
        """Everybody who may take it, those on a condition too."""
        return frozenset(doer.role if isinstance(doer, Doer) else doer for doer in self.who)

    def targets(self, state: str) -> tuple[str, ...]:
        """The states this can lead to from `state`; none that it names where it leads back, see `Workflow.targets`."""
        if isinstance(self.to, Fork):
            return (self.to.when_fee_due, self.to.otherwise)
        return () if self.to == BACK else (state if self.to == SAME else self.to,)


#: As a target: the case stays where it is.
SAME = "same"
#: As a target: the state from which the case came to the one where it is.
BACK = "back"
#: Targets that are no states, in words.
WORDS_OF_TARGETS: Final[Mapping[str, str]] = {SAME: "同じ状態", BACK: "来る前の状態"}


class Preset(StrictModel):
    """A state machine that definitions adapt."""

    title: Text
    start: Id | Fork
    flow: tuple[Id, ...]
    states: tuple[State, ...]
    moves: tuple[Move, ...]


@cache
def presets() -> Mapping[str, Preset]:
    """Every preset by its name."""
    path = Path(__file__).parent.parent / "catalogue" / "workflows.yaml"
    document: Any = read_source(path.read_bytes()).tree
    return MappingProxyType({name: _preset(own, document["common"]) for name, own in document["presets"].items()})


def _preset(own: dict[str, Any], common: dict[str, dict[str, Any]]) -> Preset:
    """Return a preset with its references to `common` resolved."""
    states = [_resolved(state, common["states"]) for state in own["states"]]
    moves = [_resolved(move, common["moves"]) for move in own["moves"]]
    names = {state["id"] for state in states}
    moves = [{**move, "from": [state for state in move["from"] if state in names]} for move in moves]
    return Preset.model_validate({**own, "states": states, "moves": moves})


def _resolved(entry: str | dict[str, Any], common: dict[str, Any]) -> dict[str, Any]:
    return {"id": entry, **common[entry]} if isinstance(entry, str) else entry

"""The state in which an application waits for the consent of others before the office gets it."""

from dataclasses import replace

from forms.definition.states import Fork
from forms.text.localized import Text
from forms.text.messages import messages
from forms.workflow.machine import AWAITING_CONSENTS, Workflow
from forms.workflow.preset import Move, State

GIVEN = "consents_given"
MISSING_AGAIN = "consents_missing_again"


def with_consents(workflow: Workflow) -> Workflow:
    """The workflow with a state before its own start. From there it goes on when all have agreed, or ends; to there it goes
    back while the office has not begun, when somebody no longer agrees.
    """
    first = workflow.start.otherwise if isinstance(workflow.start, Fork) else workflow.start
    waiting = State(
        id=AWAITING_CONSENTS,
        kind="with_applicant",
        status="wait",
        title=messages()["awaiting_consents"],
        short=messages()["awaiting_consents_short"],
        seen_as=first,
    )
    ends = [state.id for state in workflow.states.values() if state.final]
    end = next((name for name in ("withdrawn", "refused") if name in ends), ends[0])
    moves = [
        move.model_copy(update={"from_": (*move.from_, AWAITING_CONSENTS)}) if move.id == "withdraw" else move
        for move in workflow.moves
    ]
    given = Move(
        id=GIVEN,
        title=Text.of("同意がそろう", en="All have agreed"),
        from_=(AWAITING_CONSENTS,),
        to=workflow.start,
        who=("system",),
        fee="submission" if isinstance(workflow.start, Fork) else None,
        causes=("message",),
        event="case.consents_given",
    )
    again = Move(
        id=MISSING_AGAIN,
        title=Text.of("もう一度、同意を待つ", en="Wait for consent again"),
        from_=(first,),
        to=AWAITING_CONSENTS,
        who=("system",),
        event="case.consents_missing_again",
    )
    lapse = Move(
        id="consents_missing",
        title=Text.of("同意がそろわないため終える", en="End without consent"),
        from_=(AWAITING_CONSENTS,),
        to=end,
        who=("clerk", "decider"),
        needs=("note",),
        causes=("message",),
        event="case.withdrawn",
    )
    return replace(
        workflow, states={**workflow.states, AWAITING_CONSENTS: waiting}, moves=(*moves, given, again, lapse)
    )

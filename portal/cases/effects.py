"""The effects of a move: shown before it is confirmed, and applied by the same rules."""

from collections.abc import Mapping
from dataclasses import dataclass

from forms import Move, State, Workflow
from portal.cases.deposits import deposits_to_return
from portal.cases.models import Case

CORRECTION_REQUESTED = "case.correction_requested"
CORRECTION_ANSWERED = "case.correction_answered"
REFUND_REQUESTED = "refund.requested"
"""The event of a move that is made to give money back."""
REFUND_LETTER = "refund_started"
"""The letter about money that goes back by somebody's wish."""
WITHDRAWAL_LETTER = "case_withdrawn"
"""The letter that confirms to who applied that they took it back."""
_ACCEPTED = "case_accepted"
_PAID = "payment.paid"
"""The event of the move that a payment makes: what was decided before takes effect with it."""
_DECISION_LETTERS = {"done": "decision_approved", "refused": "decision_refused"}
"""The letter for the kind of state that a move led to."""


@dataclass(frozen=True)
class Effects:
    """Where the case goes, the kind of letter that leaves (None: none), the yen asked for and the yen given back.

    `deposit` are the yen of deposits that the new state gives back, as far as they were paid. `ends_otherwise`: the new state ends
    the case beside its usual way (revoked, run out), so that nothing more falls due by itself.
    """

    state: State
    letter: str | None
    fee: int
    refund: int
    deposit: int = 0
    ends_otherwise: bool = False

    @property
    def leave_the_office(self) -> bool:
        """Whether a decision or words of the office reach the applicant, or the case ends: such a move is held back for a moment.

        That it was taken up is told at once: it binds nobody.
        """
        return (
            self.letter not in (None, _ACCEPTED)
            or self.fee > 0
            or self.refund > 0
            or self.deposit > 0
            or self.state.final
        )


def effects_of(
    workflow: Workflow,
    case: Case,
    move: Move,
    *,
    by_applicant: bool,
    has_note: bool,
    refundable: int,
    due: Mapping[str, int] | None = None,
) -> Effects:
    """Work out the effects of a move from where the case stands.

    `has_note`: whether words for the applicant go with it; `refundable`: yen that the move would give back if it refunds;
    `due`: yen that fall due at each moment where only a part is granted.
    """
    fee = int((due or case.fee["due"])[move.fee]) if move.fee else 0
    state = workflow.states[workflow.next(case.state, move.id, fee_due=fee)]
    writes = (
        ("message" in move.causes or move.message is not None) and not by_applicant and case.contact_email is not None
    )
    letter = _letter(move, state, has_note=has_note or move.message is not None) if writes else None
    if by_applicant and state.kind == "withdrawn" and case.contact_email is not None:
        letter = WITHDRAWAL_LETTER
    return Effects(
        state=state,
        letter=letter,
        fee=fee,
        refund=refundable if "refund" in move.causes else 0,
        ends_otherwise=state.final and state.id not in workflow.flow and state.seen_as is None,
        deposit=deposits_to_return(case.fee, state.id) if state.id != case.state else 0,
    )


def _letter(move: Move, state: State, *, has_note: bool) -> str | None:
    if move.event == CORRECTION_REQUESTED:
        return "correction_request"
    if state.kind == "awaiting_payment" and move.fee:
        return "payment_request"
    if move.corrects and state.kind != "refused":
        return "decision_changed"
    if (move.event.startswith("case.") or move.event == _PAID) and state.kind in _DECISION_LETTERS:
        return _DECISION_LETTERS[state.kind]
    if move.event == REFUND_REQUESTED:
        return REFUND_LETTER
    if has_note:
        return "message_from_office"
    return _ACCEPTED if move.event == "case.accepted" else None

"""Waiving fees after they were asked for (減免): decided by the office with a proof, told to the applicant by line."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal import payments
from portal.cases.models import Case
from portal.cases.moves import lock_case
from portal.cases.notices import notify
from portal.cases.paid_up import go_on_when_paid
from portal.cases.proofs import WAIVER_PROOF, proof_of
from portal.core.errors import Invalid
from portal.core.events import Actor
from portal.files import Accepted


@dataclass(frozen=True)
class WaiverInputs:
    """What the office says of a waiver: yen of a charge, why, and the proof: a file of the case by its public id, or one it adds."""

    charge_id: int
    amount: int
    reason: str
    proof: str = ""
    added: Accepted | None = None


def waive_fee(session: Session, case_id: int, inputs: WaiverInputs, actor: Actor) -> bool:
    """Waive a fee of a case, or propose it to a second person; whether it holds at once. Raises what `payments.request_waiver` raises."""
    case = lock_case(session, case_id)
    charges = [charge.id for payment in payments.payments_of_case(session, case.id) for charge in payment.charges]
    if inputs.charge_id not in charges:
        sentence = "減免する料金を選んでください。"
        raise Invalid(sentence, {"charge": sentence})
    proof = proof_of(session, case, WAIVER_PROOF, inputs.proof, inputs.added)
    request = payments.WaiverRequest(inputs.charge_id, inputs.amount, inputs.reason, proof)
    waiver = payments.request_waiver(session, request, actor)
    if waiver.status != "granted":
        case.unread = True
        case.advance()
        return False
    _waived(session, case, waiver)
    return True


def decide_waiver(session: Session, waiver_id: int, actor: Actor, *, granted: bool) -> None:
    """A second person's word on a waiver. Raises what `payments.approve_waiver` raises."""
    case = lock_case(session, payments.case_of_waiver(session, waiver_id))
    if granted:
        _waived(session, case, payments.approve_waiver(session, waiver_id, actor))
    else:
        payments.reject_waiver(session, waiver_id, actor)
        case.advance()


def take_back_waiver(session: Session, waiver_id: int, actor: Actor) -> None:
    """Ask again for what was waived, and tell the applicant. Raises what `payments.revoke_waiver` raises."""
    case = lock_case(session, payments.case_of_waiver(session, waiver_id))
    waiver = payments.revoke_waiver(session, waiver_id, actor)
    case.advance()
    notify(session, case, "waiver_revoked", amount=waiver.amount)


def _waived(session: Session, case: Case, waiver: payments.Waiver) -> None:
    case.advance()
    go_on_when_paid(session, case)
    notify(
        session, case, "fee_waived", amount=waiver.amount, reason=waiver.reason or "", returned=bool(waiver.refund_id)
    )

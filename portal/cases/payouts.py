"""The money that a case asks the city for: from its answers to the decision, beside the case's own way."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from common.fiscal_years import fiscal_year
from forms import Definition, Evaluation
from forms.definition.payout import PayoutRule
from portal import payouts
from portal.cases.messages import send_message
from portal.cases.models import Case
from portal.cases.workflows import workflow_of_case
from portal.core.access import StaffIdentity
from portal.core.clock import today
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor
from portal.core.text import _
from portal.payouts import Payout
from portal.procedures import definition_of, offer

DECIDE = "payout.decide"


@dataclass(frozen=True)
class CasePayout:
    """One line of what a case asks for, with how its budget stands (None without one).

    Before the decision that is the budget of this year, afterwards the one in which it was reserved.
    """

    payout: Payout
    budget: payouts.BudgetUse | None


def ask_for_payouts(session: Session, case: Case, definition: Definition, outcome: Evaluation) -> None:
    """Keep what the answers ask for. The case's row must be locked or new."""
    if not definition.payout:
        return
    rules = {rule.id: rule for rule in definition.payout}
    requests = [
        payouts.Request(
            line=line.id if line.row is None else f"{line.id}.{line.row}",
            words={
                "label": dict(line.label.root),
                "explanation": dict(line.explanation.root) if line.explanation else {},
            },
            requested=line.amount or 0,
            account=_account(outcome, rules[line.id]),
        )
        for line in outcome.payout.lines
        if line.amount
    ]
    payouts.ask_for(session, case.id, case.department_id, requests)


def payouts_of_case(session: Session, case: Case, definition: Definition) -> list[CasePayout]:
    """What a case asks for; no statement for a procedure that pays nothing."""
    if not definition.payout:
        return []
    shown = []
    for row in payouts.open_payouts(session, case.id):
        budget = _budget(session, case, _rule(definition, row), payouts.year_reserved(session, row))
        shown.append(CasePayout(row, payouts.budget_use(session, budget) if budget else None))
    return shown


def decide_payout(
    session: Session,
    case: Case,
    payout_id: int,
    *,
    amount: int,
    reason: str,
    actor: Actor,
    staff: StaffIdentity,
) -> None:
    """Decide how much of a line is paid; the case's row must be locked. Less than was asked for takes a reason for the applicant.

    Raises Forbidden without the right, Invalid for an amount or a reason, Conflict for a budget that does not reach and for a case
    that was not accepted yet or is with the applicant.
    """
    definition = definition_of(session, case.version_id)
    row = _own(session, case, payout_id)
    staff.require(DECIDE, case.department_id)
    if case.closed_at is not None:
        raise Conflict(_("この案件は終わっています。"))
    waiting = why_undecidable(case, definition)
    if waiting:
        raise Conflict(waiting)
    if amount < row.requested and not reason.strip():
        sentence = _("減らす理由を書いてください。申請した人に伝わります。")
        raise Invalid(sentence, {"reason": sentence})
    rule = _rule(definition, row)
    payouts.decide(
        session,
        row.id,
        amount,
        budget=_budget(session, case, rule),
        second_person_above=rule.second_person_above if rule else None,
        actor=actor,
        procedure_key=case.procedure_key,
    )
    case.advance()
    if reason.strip():
        send_message(session, case, actor, reason.strip())
    session.flush()


def why_undecidable(case: Case, definition: Definition) -> str:
    """Why nothing can be decided on the payouts of a case as it stands; empty where it can.

    Where the case itself can be decided on, they can be as well, because it cannot be decided on before them.
    """
    workflow = workflow_of_case(case, definition)
    state = workflow.states[case.state]
    if any(move.forward for move in workflow.moves_from(case.state)):
        return ""
    if state.kind == "with_applicant":
        return _("申請した人の返事を待っています。交付額は、そのあとで決めてください。")
    if state.status == "new":
        return _("まだ受け付けていません。先に受け付けてから、交付額を決めてください。")
    return ""


def confirm_payout(
    session: Session, case: Case, payout_id: int, *, agrees: bool, actor: Actor, staff: StaffIdentity
) -> None:
    """A second person's word on a decision; the case's row must be locked. Raises Forbidden without the right."""
    row = _own(session, case, payout_id)
    staff.require(DECIDE, case.department_id)
    payouts.confirm(session, row.id, actor, agrees=agrees, procedure_key=case.procedure_key)
    case.advance()
    session.flush()


def retry_payout(session: Session, case: Case, payout_id: int, *, actor: Actor, staff: StaffIdentity) -> None:
    """Transfer again what came back. Raises Forbidden without the right."""
    row = _own(session, case, payout_id)
    staff.require(DECIDE, case.department_id)
    payouts.retry(session, row.id, actor)


def refuse_undecided_payouts(session: Session, case: Case, definition: Definition) -> None:
    """Raise Conflict while it is not decided how much is paid."""
    rows = payouts.open_payouts(session, case.id) if definition.payout else []
    if any(row.status in payouts.UNDECIDED for row in rows):
        raise Conflict(_("交付額が決まっていません。先に、交付額を決めてください。"))


def _account(outcome: Evaluation, rule: PayoutRule) -> dict[str, object]:
    account = outcome.answers.get(rule.account)
    if not isinstance(account, dict):
        sentence = _("振込先の口座を入力してください。")
        raise Invalid(sentence, {rule.account: sentence})
    return dict(account)


def _own(session: Session, case: Case, payout_id: int) -> Payout:
    rows: Sequence[Payout] = payouts.open_payouts(session, case.id)
    row = next((row for row in rows if row.id == payout_id), None)
    if row is None:
        raise NotFound
    return row


def _rule(definition: Definition, row: Payout) -> PayoutRule | None:
    return next((rule for rule in definition.payout if rule.id == row.line.partition(".")[0]), None)


def _budget(
    session: Session, case: Case, rule: PayoutRule | None, reserved_in: int | None = None
) -> payouts.BudgetOfYear | None:
    """The budget of a line with the total that the procedure's newest version gives it: a raised budget counts at once.

    It is that of the year in which the line was reserved, else of this one.
    """
    if rule is None or rule.budget is None:
        return None
    try:
        rules = offer(session, case.procedure_key).definition.payout
    except NotFound:  # no longer offered: what its own version says holds
        rules = ()
    current = next((other.budget for other in rules if other.budget and other.budget.id == rule.budget.id), rule.budget)
    this_year = fiscal_year(today()) if current.per == "fiscal_year" else 0
    year = this_year if reserved_in is None else reserved_in
    return payouts.BudgetOfYear(case.procedure_key, current.id, current.total, year)

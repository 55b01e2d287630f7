"""Reductions of fees (減免) that a person decides: asked for in the application, decided line by line, due with the approval."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from forms import due_at
from forms.definition.fee import FEE_MOMENTS
from portal.cases.events import of_case
from portal.cases.messages import send_message
from portal.cases.models import Case
from portal.cases.notes import add_note
from portal.cases.versions import Outdated
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.events import Actor, record
from portal.core.text import _

ASKED = "reduction"
"""State of a line for which a reduction is asked and not decided."""
UNDECIDED = frozenset({ASKED, "survey"})
"""States of lines of which nobody can say yet what is due: one waits for a decision, or for somebody to measure."""


@dataclass(frozen=True)
class ReductionDecision:
    """What somebody decides about one line: its number in the fee, whether it is granted, and why.

    `reason` goes to the applicant, and must be given where it is denied; `note` stays with the office.
    """

    line: int
    granted: bool
    reason: str = ""
    note: str = ""


def asked_reductions(case: Case) -> list[tuple[int, dict[str, Any]]]:
    """The lines whose reduction is not decided, each with its number in the fee."""
    return [(number, line) for number, line in enumerate(case.fee.get("lines", ())) if line["state"] == ASKED]


def refuse_undecided_reductions(case: Case) -> None:
    """Raise Conflict while a reduction is not decided: nobody could say what is due."""
    if asked_reductions(case):
        raise Conflict(_("減免が決まっていません。先に、認めるかどうかを決めてください。"))


def decide_reduction(
    session: Session, case: Case, decision: ReductionDecision, actor: Actor, *, roles: Collection[str]
) -> None:
    """Decide a reduction of a locked case. What is then due falls due with the approval.

    Raises Outdated when it was decided meanwhile, Forbidden without the role, Invalid for a denial without a reason.
    """
    line = dict(asked_reductions(case)).get(decision.line)
    if line is None or case.closed_at is not None:
        raise Outdated
    if line["decided_by"] not in roles:
        raise Forbidden
    if not decision.granted and not decision.reason.strip():
        sentence = _("認めない理由を書いてください。申請した人に伝わります。")
        raise Invalid(sentence, {"reason": sentence})
    amount = line["reduced_amount"] if decision.granted else line["amount"]
    outcome = "granted" if decision.granted else "denied"
    decided = line | {"amount": amount, "state": "due" if amount else "waived", "reduction": outcome}
    lines = [*case.fee["lines"]]
    lines[decision.line] = decided
    case.fee = case.fee | totals(lines)
    case.advance()
    record(session, of_case(case.id), "case.reduction_decided", actor, line=line["id"], outcome=outcome, amount=amount)
    if decision.reason.strip():
        send_message(session, case, actor, decision.reason.strip())
    if decision.note.strip():
        add_note(session, case, actor, decision.note.strip())
    session.flush()


def totals(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """The parts of a fee's record that follow from its lines."""
    due = {moment: due_at(lines, moment) for moment in FEE_MOMENTS}
    return {"lines": lines, "due": due, "total": sum(line["amount"] or 0 for line in lines)}


def with_decisions(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines worked out again, with the decisions on their reductions that were about the same amounts."""
    decided = {_key(line): line for line in before if "reduction" in line}
    return [decided.get(_key(line), line) if line["state"] == ASKED else line for line in after]


def _key(line: dict[str, Any]) -> tuple[Any, ...]:
    return line["id"], line["row"], line["full_amount"], line.get("reduced_amount")

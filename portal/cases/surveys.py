"""Measured quantities of fees (実測): entered by the office with a reason and a proof, by two people above the city's limit for refunds.

What the line costs with the figure is worked out with the answers and the rates of the case as they stand; then it is due as any other line, or
what was asked for before is settled by the difference (`fee_changes`).
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forms.evaluation.survey import SURVEYED, survey_key
from portal import payments
from portal.cases.events import of_case
from portal.cases.fees import fee_with_line, take_over_fee
from portal.cases.models import Case
from portal.cases.moves import lock_case
from portal.cases.notices import notify
from portal.cases.outcomes import outcome_of
from portal.cases.paid_up import go_on_when_paid
from portal.cases.proofs import SURVEY_PROOF, proof_of
from portal.cases.survey_models import SurveyedFigure
from portal.cases.survey_reading import requested_figures, surveyed_lines
from portal.cases.versions import Outdated
from portal.core.clock import now
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.events import Actor, record
from portal.core.text import pick
from portal.files import Accepted
from portal.procedures import definition_of

MAX_REASON = 1000
_CLOSED = "この案件は終わっているため、実測した値を入れられません。"
_WAITS = "この行の実測は、もう1つが承認を待っています。先に、そちらを決めてください。"
_DECIDED = "この実測は、もう決まっています。いまの状態を確かめてください。"
_NO_AMOUNT = "この値では料金が決まりません。上限を超えていないか確かめてください。"


@dataclass(frozen=True)
class SurveyInputs:
    """What was measured of a line (`key`, see `survey_key`), as it was typed; how, and the proof: a file of the case, or one that is added."""

    key: str
    figure: str
    reason: str
    proof: str = ""
    added: Accepted | None = None


def enter_figure(
    session: Session, case_id: int, inputs: SurveyInputs, actor: Actor, *, roles: Collection[str]
) -> SurveyedFigure:
    """Enter what was measured, or propose it to a second person (`status`).

    Above the city's limit for refunds it waits: for what the line costs with the figure or cost before, the larger, and what one person alone
    measured of the case before. Raises NotFound, Forbidden without the role, Conflict, and Invalid (`figure`, `reason`, `proof`).
    """
    case = lock_case(session, case_id)
    line = _line_to_measure(case, inputs.key, roles)
    if session.scalar(select(requested_figures(case.id, line).exists())):
        raise Conflict(_WAITS)
    figure, reason = _checked(line, inputs)
    outcome = _line_with(session, case, line, figure)
    proof = proof_of(session, case, SURVEY_PROOF, inputs.proof, inputs.added)
    if not proof:
        sentence = "実測の根拠になる書類を選ぶか、添付してください。"
        raise Invalid(sentence, {"proof": sentence})
    payments.lock_orders_of_cases(session, [case.id])
    entry = SurveyedFigure(
        case_id=case.id,
        rule_id=line["id"],
        row=line["row"],
        estimate=line["survey"]["estimate"],
        figure=figure,
        before=line["amount"],
        amount=outcome["amount"],
        reason=reason,
        proof=proof,
        status="requested",
        requested_by=actor.id,
        requested_at=now(),
    )
    moved = max(entry.before, entry.amount) + _alone(session, case.id)
    session.add(entry)
    session.flush()
    if payments.refunds_need_approval(session, moved):
        case.unread = True
        case.advance()
        _record(session, entry, "case.survey_requested", actor)
    else:
        _settle(session, case, entry, outcome, actor)
    return entry


def decide_figure(session: Session, entry_id: int, actor: Actor, *, granted: bool, roles: Collection[str]) -> None:
    """A second person's word on a figure, or the first person's withdrawal.

    Raises NotFound, Forbidden, Conflict when it was decided, or the line was worked out otherwise meanwhile.
    """
    entry = session.get(SurveyedFigure, entry_id)
    if entry is None:
        raise NotFound
    case = lock_case(session, entry.case_id)
    session.refresh(entry)
    if entry.status != "requested":
        raise Conflict(_DECIDED)
    line = _line_to_measure(case, survey_key(entry.rule_id, entry.row), roles)
    if granted and actor.id == entry.requested_by:
        raise Forbidden("実測は、値を入れた人とは別の人が承認してください。")
    payments.lock_orders_of_cases(session, [case.id])
    entry.decided_by, entry.decided_at = actor.id, now()
    if not granted:
        entry.status = "rejected"
        case.advance()
        _record(session, entry, "case.survey_rejected", actor)
        return
    outcome = _line_with(session, case, line, entry.figure)
    if line["survey"]["estimate"] != entry.estimate or outcome["amount"] != entry.amount:
        raise Outdated
    _settle(session, case, entry, outcome, actor)


def case_of_figure(session: Session, entry_id: int) -> int:
    """Return the id of the case of which something was measured. Raises NotFound."""
    case_id = session.scalar(select(SurveyedFigure.case_id).where(SurveyedFigure.id == entry_id))
    if case_id is None:
        raise NotFound
    return case_id


def _line_to_measure(case: Case, key: str, roles: Collection[str]) -> dict[str, Any]:
    line = surveyed_lines(case).get(key)
    if line is None:
        raise NotFound
    if case.status == "no" or case.erased_at is not None:
        raise Conflict(_CLOSED)
    if line["survey"]["measured_by"] not in roles:
        raise Forbidden
    return line


def _checked(line: Mapping[str, Any], inputs: SurveyInputs) -> tuple[str, str]:
    survey, faults = line["survey"], {}
    typed = normalize("NFKC", inputs.figure).strip().replace(",", "")
    decimals, most = survey["decimals"], survey["most"]
    pattern = r"[0-9]{1,10}" + (rf"(\.[0-9]{{1,{decimals}}})?" if decimals else "")
    if not re.fullmatch(pattern, typed, re.ASCII) or Decimal(typed) > most:
        digits = f"、小数は{decimals}桁まで" if decimals else "の整数"
        faults["figure"] = (
            f"{pick(survey['label'], 'ja')}は、0以上{most:,}以下{digits}の数字で入力してください。".replace(
                "の整数の数字", "の整数"
            )
        )
    reason = inputs.reason.replace("\x00", "").strip()
    if not reason or len(reason) > MAX_REASON:
        faults["reason"] = f"測った日や方法など、値の理由を{MAX_REASON}文字までで書いてください。"
    if faults:
        raise Invalid(next(iter(faults.values())), faults)
    return str(Decimal(typed).quantize(Decimal(10) ** -decimals)), reason


def _line_with(session: Session, case: Case, line: Mapping[str, Any], figure: str) -> dict[str, Any]:
    """The line as it is with the figure: judged as on the day of the application, with what the map and the lists said then."""
    outcome = outcome_of(session, case, definition_of(session, case.version_id), facts=_facts_with(case, line, figure))
    for made in outcome.fee.lines:
        if (made.id, made.row) == (line["id"], line["row"]) and made.amount is not None and made.survey is not None:
            return made.as_dict()
    raise Invalid(_NO_AMOUNT, {"figure": _NO_AMOUNT})


def _facts_with(case: Case, line: Mapping[str, Any], figure: str) -> dict[str, Any]:
    known = {"estimate": line["survey"]["estimate"], "figure": figure}
    return {**case.facts, SURVEYED: {**case.facts.get(SURVEYED, {}), survey_key(line["id"], line["row"]): known}}


def _settle(session: Session, case: Case, entry: SurveyedFigure, line: dict[str, Any], actor: Actor) -> None:
    """Let the figure hold. The rows of the case and of its orders must be locked."""
    entry.status, entry.decided_at = "granted", now()
    case.facts = _facts_with(case, line, entry.figure)
    _record(session, entry, "case.surveyed", actor)
    was_asked = take_over_fee(session, case, fee_with_line(case.fee, line))
    case.advance()
    go_on_when_paid(session, case)
    session.flush()
    if not was_asked:
        label, unit = (pick(line["survey"][part], case.language) for part in ("label", "unit"))
        values = {"label": label, "figure": f"{entry.figure} {unit}", "amount": entry.amount}
        notify(session, case, "fee_surveyed", later=line["when"] == "approved" and case.closed_at is None, **values)


def _alone(session: Session, case_id: int) -> int:
    """Return the yen that one person alone settled of a case by measuring: many small lines are one large one."""
    query = select(func.coalesce(func.sum(func.greatest(SurveyedFigure.before, SurveyedFigure.amount)), 0)).where(
        SurveyedFigure.case_id == case_id, SurveyedFigure.status == "granted", SurveyedFigure.decided_by.is_(None)
    )
    return int(session.scalar(query) or 0)


def _record(session: Session, entry: SurveyedFigure, name: str, actor: Actor) -> None:
    figures = {"line": entry.rule_id, "figure": entry.figure, "before": entry.before, "amount": entry.amount}
    record(session, of_case(entry.case_id), name, actor, **figures)

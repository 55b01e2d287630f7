"""Granting a part of what was asked for (一部許可): less of a number, fewer days, some of the rows or options of the questions that the move names.

What was asked for stays as the applicant sent it; what is granted stands beside it, with the reason for the rest. From then on the fee, limited
places, payouts and the days of the case are those of what is granted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from forms import Definition, Evaluation, Move
from forms.fields import FieldType
from forms.text.dates import UnreadableDate, parse_date
from forms.text.numbers import parse_number
from portal.cases.answers import open_answers
from portal.cases.capacity import retake_places
from portal.cases.fees import fee_after_correction, recompute_fee
from portal.cases.messages import readable_message
from portal.cases.models import Case, CasePlace
from portal.cases.outcomes import outcome_of
from portal.cases.payouts import ask_for_payouts
from portal.cases.rules import days_of, period_of
from portal.cases.standard_words import GrantedPart
from portal.core.database import city_of
from portal.core.errors import Invalid

REASON_FIELD = "not_granted"
Typed = Mapping[str, Sequence[str]]
"""What somebody typed or ticked of each question: a number, the first and the last day, or the numbers of rows and options, from 0."""
Grantable = tuple[FieldType, Any]
"""A question of which a part may be granted, with its answer."""


@dataclass(frozen=True)
class Grant:
    """What is granted of a case: the parts that differ from what was asked for, why, and what follows of the whole."""

    parts: Sequence[GrantedPart]
    reason: str
    outcome: Evaluation

    def stored(self) -> dict[str, Any] | None:
        """As the case keeps it; None where everything is granted."""
        if not self.parts:
            return None
        parts = [
            {"question": part.question.id, "asked": part.requested, "granted": part.granted} for part in self.parts
        ]
        return {"parts": parts, "reason": self.reason}


def grantable(case: Case, move: Move, definition: Definition) -> list[Grantable]:
    """The questions of which this move may grant a part, and that were answered, with their answers."""
    session = object_session(case)
    if not move.partial or session is None:
        return []
    answers = open_answers(city_of(session), case.answers)
    return [
        (definition.fields[name], answers[name])
        for name in move.partial
        if name in definition.fields and answers.get(name) not in (None, [])
    ]


def read_grant(
    session: Session, case: Case, move: Move, definition: Definition, typed: Typed | None, reason: str
) -> Grant | None:
    """What is granted by what was typed; None where a part of nothing is granted, now or before. Nothing changes.

    Raises Invalid, at `granted-` and the question, for what is no part of what was asked for, and at `REASON_FIELD` without a reason.
    """
    if typed is None and case.granted is None:
        return None
    answers = open_answers(city_of(session), case.answers)
    questions = grantable(case, move, definition) if typed is not None else []
    parts, faults = [], {}
    for question, requested in questions:
        try:
            granted = granted_value(question, requested, (typed or {}).get(question.id, ()))
        except ValueError as fault:
            faults[f"granted-{question.id}"] = f"「{question.label_in('ja')}」：{fault}"
        else:
            if granted != requested:
                parts.append(GrantedPart(question, requested, granted))
    if typed is not None and not parts and not faults:
        faults["partly"] = "認めない部分を選ぶか、全部を認めるなら「一部だけ認める」を外してください。"
    if typed is not None and not reason.strip():
        faults[REASON_FIELD] = "認めない部分の理由を書いてください。申請した人に伝わります。"
    if faults:
        raise Invalid(next(iter(faults.values())), faults)
    values = answers | {part.question.id: part.granted for part in parts}
    outcome = outcome_of(
        session, case, definition, {name: value for name, value in values.items() if value not in (None, [])}
    )
    return Grant(parts, readable_message(reason) if parts else "", outcome)


def due_by(case: Case, grant: Grant | None) -> Mapping[str, int]:
    """The yen that fall due at each moment, of what is granted."""
    due: Mapping[str, int] = (fee_after_correction(case.fee, grant.outcome.fee) if grant else case.fee)["due"]
    return due


def keep_grant(session: Session, case: Case, definition: Definition, grant: Grant) -> None:
    """Let the case go by what is granted, before its decision is recorded. The rows of the case and of its orders must be locked."""
    answers = dict(grant.outcome.answers)
    if definition.capacity:
        retake_places(session, case, definition, grant.outcome)
    ask_for_payouts(session, case, definition, grant.outcome)
    case.granted = grant.stored()
    case.starts_on, case.ends_on = days_of(definition, answers)
    for place in session.scalars(select(CasePlace).where(CasePlace.case_id == case.id)):
        place.starts_on, place.ends_on = period_of(definition, answers, place.field)
    recompute_fee(session, case, grant.outcome.fee)


def granted_value(question: FieldType, requested: Any, typed: Sequence[str]) -> Any:
    """The granted part of an answer. Raises ValueError with a sentence."""
    match question.type:
        case "date_range":
            return _days(requested, typed)
        case "group" | "choices":
            chosen = {int(number) for number in typed if number.isascii() and number.isdigit()}
            return [part for number, part in enumerate(requested) if number in chosen]
        case _:
            return _number(requested, typed)


def _number(requested: Any, typed: Sequence[str]) -> Any:
    number = parse_number(typed[0], ()) if typed and typed[0].strip() else None
    if number is None:
        raise ValueError("認める分を数字で入力してください。")
    if not 0 <= number <= requested:
        raise ValueError(f"0から申請の{requested:,}までにしてください。")
    if isinstance(requested, int):
        if number != int(number):
            raise ValueError("整数で入力してください。")
        return int(number)
    return float(number)


def _days(requested: Mapping[str, str], typed: Sequence[str]) -> dict[str, str]:
    try:
        first, last = (parse_date(text) for text in typed)
    except (UnreadableDate, ValueError) as error:
        raise ValueError("認める期間の初日と最終日を、日付で入力してください。") from error
    if not date.fromisoformat(requested["start"]) <= first <= last <= date.fromisoformat(requested["end"]):
        raise ValueError("申請された期間の中で、初日から最終日の順に入力してください。")
    return {"start": first.isoformat(), "end": last.isoformat()}

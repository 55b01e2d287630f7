"""Conditions of a decision (条件): what must be kept to where something is permitted. They stand with the case, for everybody who reads it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from portal.cases.messages import readable_message
from portal.cases.models import Case
from portal.cases.standard_words import filled_words
from portal.core.errors import Invalid
from portal.core.text import _

MAX_CONDITIONS = 30
MAX_CONDITION = 500
FIELD = "conditions"


def conditions_of(case: Case) -> list[str]:
    """The conditions of the decision, in their order and in the applicant's language."""
    return list(case.conditions["texts"]) if case.conditions else []


def readable_conditions(session: Session, case: Case, lines: Sequence[str]) -> tuple[str, ...]:
    """Conditions as they are kept, one a line. Raises Invalid for too many, for one that is too long, and like `filled_words`."""
    texts = [text for line in lines if (text := line.strip())]
    if len(texts) > MAX_CONDITIONS:
        _refuse(_("条件は{count}つまでにしてください。", count=MAX_CONDITIONS))
    if any(len(text) > MAX_CONDITION for text in texts):
        _refuse(_("1つの条件は{count}文字までにしてください。", count=MAX_CONDITION))
    filled = (filled_words(session, case, text, field=FIELD) for text in texts)
    try:
        return tuple(readable_message(text) for text in filled)
    except Invalid as fault:
        raise Invalid(fault.message, {FIELD: fault.message}) from fault


def keep_conditions(case: Case, texts: Sequence[str]) -> None:
    """Put the conditions of a decision in the place of any from before."""
    case.conditions = {"texts": list(texts)} if texts else None


def _refuse(sentence: str) -> None:
    raise Invalid(sentence, {FIELD: sentence})

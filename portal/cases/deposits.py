"""Deposits (保証金) that are given back by themselves when a case comes into a state that the definition names (`returned_in`)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from portal.cases.fees import refund_lines
from portal.cases.models import Case
from portal.core.text import _, using_language

_RETURNED = "returned"
"""Mark of a line of the frozen fee whose deposit was given back, so that it is given back once."""


def deposits_to_return(fee: Mapping[str, Any], state: str) -> int:
    """Yen of the deposits that fall to the applicant when a case comes into this state."""
    return sum(line["amount"] or 0 for line in fee.get("lines", ()) if _falls_due(line, state))


def return_deposits(session: Session, case: Case, state: str) -> None:
    """Give the deposits of this state back, as far as they were paid and not given back otherwise."""
    if not deposits_to_return(case.fee, state):
        return
    with using_language(case.language):
        reason = _("保証金をお返しします。")
    rules = {line["id"] for line in case.fee["lines"] if _falls_due(line, state)}
    if not refund_lines(session, case, rules, reason):
        return
    lines = [line | {_RETURNED: True} if _falls_due(line, state) else line for line in case.fee["lines"]]
    case.fee = case.fee | {"lines": lines}


def _falls_due(line: Mapping[str, Any], state: str) -> bool:
    return state in line.get("returned_in", ()) and not line.get(_RETURNED)

"""Outside its windows of acceptance a procedure is shown and written, and not sent; inside it is."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from forms import load
from portal.cases import NotAccepted, acceptance_now, draft_lasts
from portal.core.clock import TOKYO, frozen
from tests.integration.cases.definitions import REGISTRATION
from tests.kit.office import open_office

NAME = {"family": "佐藤", "given": "美咲"}
WINDOWED = REGISTRATION.replace("steps:", "acceptance: [{from: 02-01, until: 02-14}]\nsteps:", 1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("moment", "lasts"), [("2026-11-29T09:00", False), ("2027-01-02T09:00", True), ("2027-02-03T09:00", False)]
)
def test_nobody_is_told_to_begin_what_would_be_gone_before_the_window_opens(moment: str, lasts: bool) -> None:
    """A draft is kept for thirty days."""
    with frozen(at(moment)):
        assert draft_lasts(acceptance_now(load(WINDOWED))) is lasts


def test_it_is_sent_inside_the_window_alone_and_the_draft_stays(city_db: Session) -> None:
    office = open_office(city_db, {"test-registration": WINDOWED})
    with frozen(at("2027-01-31T23:59")), pytest.raises(NotAccepted, match="2月1日"):
        office.apply("test-registration", {"name": NAME})
    with frozen(at("2027-02-14T23:59")):
        assert office.apply("test-registration", {"name": NAME}).number
    with frozen(at("2027-02-15T00:00")), pytest.raises(NotAccepted, match="2028年2月1日"):
        office.apply("test-registration", {"name": NAME})

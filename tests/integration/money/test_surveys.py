"""A fee whose quantity staff measure: nothing is asked for on a guess, two people decide, and what was paid before is settled by the difference."""

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from sqlalchemy import select

from portal import procedures
from portal.cases.moves import lock_case
from portal.cases.revised_answers import revise_answers
from portal.cases.survey_models import SurveyedFigure
from portal.cli.installing import install
from portal.core.database import city_session
from portal.core.errors import Conflict
from portal.core.events import SYSTEM
from portal.procedures import definition_of, queries
from tests.integration.money.conftest import CITY, Hall
from tests.integration.money.test_waivers import PNG
from tests.kit.browser import Browser
from tests.kit.city import begin, send
from tests.kit.payer import Payer

DIGGING = """
procedure: digging
kind: permit
title: {ja: 道路の掘削}
department: environment
steps:
  - id: who
    title: {ja: 申請する方}
    fields:
      - {id: name, type: person_name, item: person.name}
      - {id: planned, type: number, label: {ja: 掘る長さの見込み}, min: 1, max: 500, unit: {ja: m}}
fee:
  - id: repair
    label: {ja: 復旧費}
    when: approved
    amount: measured * 100
    explain: {ja: "{measured} m × 100円"}
    surveyed: {id: measured, label: {ja: 掘削した長さ}, unit: {ja: m}, estimate: planned, decimals: 1}
workflow: {preset: permit}
"""
IN_ADVANCE = DIGGING.replace("when: approved", "when: submission").replace(
    "decimals: 1}", "decimals: 1, advance: true}"
)


ANSWERS = {"name": {"family": "佐藤"}, "planned": 12}
Apply = Callable[[str], Payer]


@pytest.fixture
def apply(hall: Hall) -> Iterator[Apply]:
    """Publish the procedure and apply for 12 m by it; afterwards it is not offered any more."""

    def applied(source: str) -> Payer:
        with city_session(CITY) as session:
            install(session, source, None)
            procedures.reopen_procedure(session, queries.procedure(session, "digging"))
            case = send(session, begin(session, "digging", ANSWERS, hall.account_id))
            case_id = case.id
        return Payer(CITY, hall.api_key, hall.sandbox, case_id, hall.app.test_client(), 0)

    yield applied
    with city_session(CITY) as session:
        procedures.close_procedure(session, queries.procedure(session, "digging"))


def measure(desk: Browser, payer: Payer, figure: str, **form: object) -> tuple[int, str]:
    """Fill in the desk's page; the status and the page that is shown then."""
    inputs = {
        "line": "repair",
        "figure": figure,
        "reason": "11月28日に巻尺で測った。",
        "added": (BytesIO(PNG), "野帳.png"),
    }
    answer = desk.post(f"/desk/cases/{payer.case_id}/surveys", inputs | form)
    return answer.status_code, answer.text


def word(desk: Browser, payer: Payer, act: str) -> int:
    """A word on the newest figure; the status of the answer."""
    with city_session(CITY) as session:
        of_case = select(SurveyedFigure.id).where(SurveyedFigure.case_id == payer.case_id)
        figure_id = session.scalars(of_case.order_by(SurveyedFigure.id.desc())).first()
    return desk.post(f"/desk/surveys/{figure_id}", {"act": act}).status_code


def settled(hall: Hall, payer: Payer, figure: str) -> None:
    assert (measure(hall.cashier, payer, figure)[0], word(hall.second, payer, "approve")) == (303, 303)


def owed(hall: Hall, payer: Payer) -> list[tuple[str, int, str]]:
    """What each charge of the case asks for, why it is that, and where it stands."""
    charges = [charge for payment in hall.payments(payer) for charge in payment.charges]
    return [(charge.detail["ja"], charge.amount, charge.status) for charge in charges]


def test_nothing_is_due_until_two_people_have_measured_and_then_it_is_explained(hall: Hall, apply: Apply) -> None:
    payer = apply(DIGGING)
    hall.move(payer, "accept")
    page = hall.cashier.get(f"/desk/cases/{payer.case_id}").text
    assert "実測待ち" in page
    assert "見込みの額です。掘削した長さを職員が測ってから決まります。見込み 12 m" in page
    with pytest.raises(Conflict, match="実測で決まる料金があります"):
        hall.move(payer, "approve")
    for form, said in (
        ({"figure": "12.75"}, "小数は1桁まで"),
        ({"figure": "abc"}, "0以上1,000,000以下"),
        ({"reason": " "}, "測った日や方法"),
        ({"added": (BytesIO(b""), "")}, "根拠になる書類"),
    ):
        status, page = measure(hall.cashier, payer, **({"figure": "12.7"} | form))
        assert status == 422
        assert said in page
        assert f'value="{form.get("figure", "12.7")}"' in page, "what was typed stays"
    assert measure(hall.cashier, payer, "１２．７")[0] == 303
    with pytest.raises(Conflict):
        hall.move(payer, "approve")
    assert (measure(hall.cashier, payer, "12.7")[0], word(hall.cashier, payer, "approve")) == (409, 403)
    assert "1,200円 → 1,270円・承認待ち" in hall.second.get(f"/desk/cases/{payer.case_id}/surveys").text
    assert hall.ids["second"] in {event.actor_id for event in hall.events(payer, "case.viewed")}
    assert (word(hall.second, payer, "approve"), word(hall.second, payer, "approve")) == (303, 409)
    assert owed(hall, payer) == []
    (letter,) = hall.letters(payer, "fee_surveyed")
    assert "掘削した長さ: 12.7 m\n料金: 1,270円" in letter
    hall.move(payer, "approve")
    assert owed(hall, payer) == [("12.7 m × 100円（実測した掘削した長さ 12.7 m）", 1270, "owed")]
    assert [len(hall.events(payer, f"case.{name}")) for name in ("survey_requested", "surveyed")] == [1, 1]


def test_what_was_paid_on_the_estimate_is_settled_by_the_difference(hall: Hall, apply: Apply) -> None:
    payer = apply(IN_ADVANCE)
    (payment,) = hall.payments(payer)
    [(explained, amount, _status)] = owed(hall, payer)
    assert (amount, "差額を精算します" in explained) == (1200, True)
    hall.pay(payer, payment)
    settled(hall, payer, "15")
    assert owed(hall, payer)[1:] == [("実測による差額", 300, "owed")]
    assert "実測により1,200円から1,500円に変わりました" in hall.letters(payer, "fee_changed")[0]
    settled(hall, payer, "10.5")
    assert [(refund.amount, refund.grounds, refund.status) for refund in payer.refunds(payment)] == [
        (150, "correction", "requested")
    ]
    assert hall.letters(payer, "fee_surveyed") == []


def test_a_correction_keeps_what_was_measured_unless_it_is_about_something_else(hall: Hall, apply: Apply) -> None:
    payer = apply(IN_ADVANCE)
    settled(hall, payer, "15")
    for answers, figure in ((ANSWERS, "15.0"), (ANSWERS | {"planned": 20}, None)):
        with city_session(CITY) as session:
            case = lock_case(session, payer.case_id)
            revise_answers(session, case, definition_of(session, case.version_id), answers, SYSTEM)
            assert case.fee["recomputed"]["lines"][0]["survey"]["figure"] == figure

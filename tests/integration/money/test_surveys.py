"""A fee whose quantity staff measure: nothing is asked for on a guess, two people decide, and what was paid before is settled by the difference."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from portal import procedures
from portal.cases.moves import lock_case
from portal.cases.revised_answers import revise_answers
from portal.cases.survey_models import SurveyedFigure
from portal.cases.survey_reading import surveyed_lines
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
SITES = (
    DIGGING.replace(
        "      - {id: planned, type: number, label: {ja: 掘る長さの見込み}, min: 1, max: 500, unit: {ja: m}}\n",
        """      - id: sites
        type: group
        label: {ja: 掘る場所}
        max: 5
        fields:
          - {id: lot, type: integer, label: {ja: 場所の番号}, min: 1, max: 9}
          - {id: planned, type: number, label: {ja: 掘る長さの見込み}, min: 1, max: 500, unit: {ja: m}}
""",
    )
    .replace("    when: approved\n", "    when: approved\n    each: sites\n")
    .replace('"{measured} m', '"{lot}番 {measured} m')
)


ANSWERS = {"name": {"family": "佐藤"}, "planned": 12}
Apply = Callable[..., Payer]


@pytest.fixture
def apply(hall: Hall) -> Iterator[Apply]:
    """Publish the procedure and apply for 12 m by it; afterwards it is not offered any more."""

    def applied(source: str, answers: dict[str, Any] = ANSWERS) -> Payer:
        with city_session(CITY) as session:
            install(session, source, None)
            procedures.reopen_procedure(session, queries.procedure(session, "digging"))
            case = send(session, begin(session, "digging", answers, hall.account_id))
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
    assert "掘削した長さ：12.7 m\n料金：1,270円" in letter
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


def sites(*rows: tuple[int, int]) -> dict[str, Any]:
    return {"name": {"family": "佐藤"}, "sites": [{"lot": lot, "planned": planned} for lot, planned in rows]}


def revise(payer: Payer, answers: dict[str, Any]) -> list[tuple[str, str | None]]:
    """Correct the case; the explanation and figure of each line afterwards."""
    with city_session(CITY) as session:
        case = lock_case(session, payer.case_id)
        revise_answers(session, case, definition_of(session, case.version_id), answers, SYSTEM)
        return [(line["explanation"]["ja"][:2], line["survey"]["figure"]) for line in surveyed_lines(case).values()]


def test_each_row_is_measured_and_approved_by_itself(hall: Hall, apply: Apply) -> None:
    payer = apply(SITES, sites((1, 12), (2, 12)))
    hall.move(payer, "accept")
    page = hall.cashier.get(f"/desk/cases/{payer.case_id}/surveys").text
    assert "復旧費(1)" in page
    assert "復旧費(2)" in page
    assert measure(hall.cashier, payer, "15", line="repair")[0] == 404
    assert measure(hall.cashier, payer, "15", line="repair.2")[0] == 404
    status, page = measure(hall.cashier, payer, "abc", line="repair.1")
    assert (status, page.count('value="abc"')) == (422, 1)
    for row, figure in (("repair.1", "9"), ("repair.0", "15")):
        assert (measure(hall.cashier, payer, figure, line=row)[0], word(hall.second, payer, "approve")) == (303, 303)
        if row == "repair.1":
            with pytest.raises(Conflict, match="実測で決まる料金があります"):
                hall.move(payer, "approve")
    hall.move(payer, "approve")
    assert [(detail[:2], amount) for detail, amount, _status in owed(hall, payer)] == [("1番", 1_500), ("2番", 900)]


def test_a_figure_follows_its_row_and_never_becomes_that_of_another(hall: Hall, apply: Apply) -> None:
    payer = apply(SITES, sites((1, 12), (2, 12), (3, 12)))
    hall.move(payer, "accept")
    for row, figure in (("repair.0", "15"), ("repair.1", "9")):
        assert (measure(hall.cashier, payer, figure, line=row)[0], word(hall.second, payer, "approve")) == (303, 303)
    assert measure(hall.cashier, payer, "7", line="repair.2")[0] == 303
    moved = sites((3, 12), (2, 12))
    assert revise(payer, moved) == [("3番", None), ("2番", "9.0")]
    page = hall.second.get(f"/desk/cases/{payer.case_id}/surveys").text
    assert "15.0 m" not in page
    first, second = page.split("復旧費(2)")
    assert ("7.0 m・" in first, "9.0 m・" in second) == (True, True)
    assert word(hall.second, payer, "approve") == 303
    assert revise(payer, moved) == [("3番", "7.0"), ("2番", "9.0")]
    assert measure(hall.cashier, payer, "8", line="repair.0")[0] == 303
    assert revise(payer, sites((2, 12))) == [("2番", "9.0")]
    assert hall.events(payer, "case.survey_rejected")[-1].data["figure"] == "8.0"
    assert revise(payer, sites((2, 13))) == [("2番", None)]
    assert revise(payer, sites((2, 12), (4, 12))) == [("2番", None), ("4番", None)]

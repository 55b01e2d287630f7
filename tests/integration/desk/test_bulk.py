"""Acting on many cases together: what is left out and why, case by case by the single action, once, and taken back."""

import html
import re
import threading
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import select, text

from portal.cases import bulk, bulk_runs, moves
from portal.cases.assigning import assign
from portal.cases.bulk_models import BulkAction, BulkCase
from portal.cases.models import Case, CaseMessage
from portal.cases.queries import history
from portal.core.clock import now
from portal.core.database import city_session
from portal.core.events import Actor
from portal.identity import staff_id_of
from tests.integration.desk.conftest import CITY, Office
from tests.integration.desk.test_list_and_map import EVERY_STATUS, listed
from tests.kit.browser import Browser
from tests.kit.jobs import forget_jobs, work

REPORTS = f"procedure=road-damage&{EVERY_STATUS}"
WHERE = re.compile(r"/desk/bulk/(\d+)")


@pytest.fixture(autouse=True)
def undone(office: Office) -> Iterator[None]:
    """Puts the reports back on the desks on which they were, and empties the queue."""
    forget_jobs(CITY)
    with city_session(CITY) as session:
        desks = dict(session.execute(select(Case.id, Case.assignee_id).where(Case.id.in_(office.reports))).all())
    yield
    forget_jobs(CITY)
    with city_session(CITY) as session:
        session.execute(text("DELETE FROM bulk_action"))
        for case_id, desk in desks.items():
            if session.scalar(select(Case.assignee_id).where(Case.id == case_id)) != desk:
                case = moves.lock_case(session, case_id)
                assign(session, case, desk, Actor("system"))


def choose(desk: Browser, query: str = REPORTS, cases: list[int] | None = None) -> int:
    """Choose cases as the list does; the number under which they are kept."""
    form = {"scope": "all"} if cases is None else {"scope": "ticked", "case": cases}
    desk.get("/desk")
    answer = desk.post(f"/desk/bulk?{query}", form)
    assert answer.status_code == 303, answer.text
    return int(WHERE.search(answer.location)[1])


def words(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def outcomes(number: int) -> Counter[str]:
    with city_session(CITY) as session:
        return bulk.outcomes(session, number)


def desks_of(cases: list[int]) -> list[int | None]:
    with city_session(CITY) as session:
        by_id = dict(session.execute(select(Case.id, Case.assignee_id).where(Case.id.in_(cases))).all())
        places = dict(
            session.execute(
                text("SELECT case_id, assignee_id FROM case_place WHERE case_id = ANY(:ids)"), {"ids": cases}
            ).all()
        )
    assert all(places[case_id] == by_id[case_id] for case_id in cases if case_id in places)
    return [by_id[case_id] for case_id in cases]


def second_id() -> int:
    with city_session(CITY) as session:
        number = staff_id_of(session, "second@example.jp")
    assert number is not None
    return number


def events_of(case_id: int) -> list[str]:
    with city_session(CITY) as session:
        return [event.name for event in history(session, case_id)]


def proposed(desk: Browser, number: int, form: dict[str, str]) -> str:
    """The page that says once more what would be done."""
    answer = desk.post(f"/desk/bulk/{number}/confirm", form)
    assert answer.status_code == 303
    return desk.get(answer.location).text


def test_all_cases_of_a_filter_are_assigned_told_of_and_put_back(office: Office) -> None:
    query = f"{REPORTS}&view=unassigned"
    cases = listed(office.roads, query)
    number = choose(office.roads, query)
    page = words(office.roads.get(f"/desk/bulk/{number}").text)
    assert f"{len(cases)}件をまとめて扱う" in page
    form = {"act": "assign", "staff_id": str(second_id())}
    confirmed = words(proposed(office.roads, number, form))
    assert f"{len(cases)}件の担当を「試験 職員」にします" in confirmed
    assert desks_of(cases) == [None] * len(cases), "nothing is done before it is confirmed"

    before = Counter(events_of(cases[0]))
    for _press in range(2):
        assert office.roads.post(f"/desk/bulk/{number}/start", form).status_code == 303
    assert f"{len(cases)}件のうち、0件が終わりました" in words(office.roads.get(f"/desk/bulk/{number}").text)
    progress = office.roads.get(f"/desk/bulk/{number}", HX_Request="true")
    assert progress.text.lstrip().startswith("<p")
    assert work(CITY).count(bulk.ACT_IN_BULK) == 1, "a second press begins nothing"
    assert desks_of(cases) == [second_id()] * len(cases)
    assert Counter(events_of(cases[0])) - before == Counter(["case.assigned"])
    assert office.roads.get(f"/desk/bulk/{number}", HX_Request="true").headers["HX-Refresh"] == "true"
    report = words(office.roads.get(f"/desk/bulk/{number}").text)
    assert f"しました {len(cases)}件" in report

    for _press in range(2):
        assert office.roads.post(f"/desk/bulk/{number}/take-back").status_code == 303
    assert work(CITY).count(bulk.ACT_IN_BULK) == 1
    assert desks_of(cases) == [None] * len(cases)
    assert f"元にもどしました {len(cases)}件" in words(office.roads.get(f"/desk/bulk/{number}").text)


def test_ticked_cases_are_left_out_with_their_reasons(office: Office) -> None:
    unassigned = listed(office.roads, f"{REPORTS}&view=unassigned")[:3]
    mine = listed(office.roads, f"{REPORTS}&view=mine")[:1]
    number = choose(office.roads, cases=[*unassigned, *mine])
    with city_session(CITY) as session:  # somebody else takes one meanwhile
        assign(session, moves.lock_case(session, unassigned[0]), second_id(), Actor("system"))
    form = {"act": "assign", "staff_id": str(office.roads_id)}
    page = words(proposed(office.roads, number, form))
    assert "2件の担当を" in page
    assert "対象から外れる案件 2件" in page
    assert "選んだあとに、担当が変わりました。" in page
    assert "もう、その人の担当です。" in page
    office.roads.post(f"/desk/bulk/{number}/start", form)
    work(CITY)
    assert desks_of([*unassigned, *mine]) == [second_id(), office.roads_id, office.roads_id, office.roads_id]
    assert outcomes(number) == {"done": 2, "left_out": 2}


def test_a_case_that_somebody_takes_between_the_confirmation_and_the_worker_is_left_to_them(office: Office) -> None:
    cases = listed(office.roads, f"{REPORTS}&view=unassigned")[:4]
    first, second = choose(office.roads, cases=cases), choose(office.second, cases=cases)
    office.roads.post(f"/desk/bulk/{first}/start", {"act": "assign", "staff_id": str(office.roads_id)})
    office.second.post(f"/desk/bulk/{second}/start", {"act": "assign", "staff_id": str(second_id())})
    work(CITY)
    assert (outcomes(first), outcomes(second)) == ({"done": 4}, {"left_out": 4})
    assert desks_of(cases) == [office.roads_id] * 4
    report = words(office.second.get(f"/desk/bulk/{second}").text)
    assert "対象から外れました 4件" in report
    assert "選んだあとに、担当が変わりました。" in report


def test_of_two_workers_at_once_each_case_has_one(office: Office) -> None:
    cases = listed(office.roads, f"{REPORTS}&view=unassigned")[:12]
    first, second = choose(office.roads, cases=cases), choose(office.second, cases=cases)
    office.roads.post(f"/desk/bulk/{first}/start", {"act": "assign", "staff_id": str(office.roads_id)})
    office.second.post(f"/desk/bulk/{second}/start", {"act": "assign", "staff_id": str(second_id())})
    workers = [threading.Thread(target=bulk_runs.run, args=(CITY, number)) for number in (first, first, second)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    done = outcomes(first)["done"], outcomes(second)["done"]
    assert sum(done) == len(cases)
    assert sum(outcomes(number)["left_out"] for number in (first, second)) == len(cases)
    desks = Counter(desks_of(cases))
    assert (desks[office.roads_id], desks[second_id()]) == done
    assert sum(events_of(case_id).count("case.assigned") for case_id in cases) >= len(cases)


def test_what_others_changed_since_is_not_taken_back(office: Office) -> None:
    cases = listed(office.roads, f"{REPORTS}&view=unassigned")[:3]
    number = choose(office.roads, cases=cases)
    office.roads.post(f"/desk/bulk/{number}/start", {"act": "assign", "staff_id": str(office.roads_id)})
    work(CITY)
    with city_session(CITY) as session:
        assign(session, moves.lock_case(session, cases[0]), second_id(), Actor("system"))
    office.roads.post(f"/desk/bulk/{number}/take-back")
    work(CITY)
    assert desks_of(cases) == [second_id(), None, None]
    page = words(office.roads.get(f"/desk/bulk/{number}").text)
    assert "もどせませんでした 1件" in page and "元にもどしました 2件" in page


def test_a_worker_that_died_goes_on_where_it_stood(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = listed(office.roads, f"{REPORTS}&view=unassigned")[:4]
    number = choose(office.roads, cases=cases)
    office.roads.post(f"/desk/bulk/{number}/start", {"act": "message", "body": "現地を確かめました。"})
    forget_jobs(CITY)
    real, sent = bulk_runs.send_message, []

    def dies(*arguments: object, **more: object) -> object:
        if len(sent) == 2:
            raise RuntimeError("the machine went down")
        sent.append(1)
        return real(*arguments, **more)

    monkeypatch.setattr(bulk_runs, "send_message", dies)
    with pytest.raises(RuntimeError):
        bulk_runs.run(CITY, number)
    assert outcomes(number) == {"done": 2, "waiting": 2}
    assert "4件のうち、2件が終わりました" in words(office.roads.get(f"/desk/bulk/{number}").text)
    monkeypatch.setattr(bulk_runs, "send_message", real)
    bulk_runs.run(CITY, number)
    bulk_runs.run(CITY, number)
    with city_session(CITY) as session:
        told = session.scalars(select(CaseMessage.case_id).where(CaseMessage.case_id.in_(cases))).all()
        assert sorted(told) == sorted(cases), "each once"
        session.execute(text("DELETE FROM case_message WHERE case_id = ANY(:ids)"), {"ids": cases})


def test_a_message_goes_to_each_applicant_as_a_single_one_does(office: Office) -> None:
    cases = listed(office.roads, REPORTS)[:2]
    number = choose(office.roads, cases=cases)
    for body, sentence in (
        ("", "メッセージを書いてください"),
        ("1234 5678 9018", "マイナンバー"),
        ("あ" * 4001, "4000文字まで"),
    ):
        refused = office.roads.post(f"/desk/bulk/{number}/confirm", {"act": "message", "body": body})
        assert refused.status_code == 422
        assert sentence in words(refused.text)
        assert body in html.unescape(refused.text), "what was typed is still there"
    form = {"act": "message", "body": "工事の\n予定です。"}
    page = words(proposed(office.roads, number, form))
    assert "2件の申請した人に送ります" in page
    assert "うち2件は、メールアドレスがわからない" in page
    assert "工事の\n予定です。" in office.roads.get(f"/desk/bulk/{number}").text, (
        "choosing again begins with what was written"
    )
    with city_session(CITY) as session:  # an answer came meanwhile
        session.get_one(Case, cases[0]).advance()
    office.roads.post(f"/desk/bulk/{number}/start", form)
    work(CITY)
    assert outcomes(number) == {"done": 1, "left_out": 1}
    assert "選んだあとに、案件の内容や状態が変わりました" in words(office.roads.get(f"/desk/bulk/{number}").text)
    assert events_of(cases[1]).count("case.message_sent") == 1
    with city_session(CITY) as session:
        assert session.get_one(BulkAction, number).body == "", "the words stand in the messages alone"
        session.execute(text("DELETE FROM case_message WHERE case_id = ANY(:ids)"), {"ids": cases})
    assert office.roads.post(f"/desk/bulk/{number}/take-back").status_code == 303
    assert work(CITY) == []


def test_rights_are_asked_again_when_the_worker_acts(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = listed(office.roads, f"{REPORTS}&view=unassigned")[:2]
    number = choose(office.roads, cases=cases)
    office.roads.post(f"/desk/bulk/{number}/start", {"act": "assign", "staff_id": "nobody"})
    assert work(CITY) == [], "they are on nobody's desk already: there is nothing to do"
    form = {"act": "assign", "staff_id": str(office.roads_id)}
    office.roads.post(f"/desk/bulk/{number}/start", form)
    monkeypatch.setattr(bulk_runs, "read_staff", lambda _session, _id: None)
    work(CITY)
    assert outcomes(number) == {"left_out": 2}
    assert desks_of(cases) == [None, None]
    assert "この操作をする権限がありません" in words(office.roads.get(f"/desk/bulk/{number}").text)


def test_cases_of_other_departments_are_not_chosen_nor_records_of_others_seen(office: Office) -> None:
    office.citizens.get("/desk")
    refused = office.citizens.post("/desk/bulk", {"scope": "ticked", "case": sorted(office.reports)[:2]})
    assert refused.status_code == 422
    assert "案件を1件以上選んでください" in refused.text
    number = choose(office.roads, cases=sorted(office.reports)[:2])
    for way in ("", "/print"):
        assert office.second.get(f"/desk/bulk/{number}{way}").status_code == 404
    assert office.second.get(f"/desk/bulk/{number}/confirm").status_code == 404
    for way in ("confirm", "start", "take-back"):
        assert office.second.post(f"/desk/bulk/{number}/{way}", {"act": "assign"}).status_code == 404
    path = f"/desk/case-layers/bulk/{number}/cases.road-damage.spot.csv"
    assert office.second.get(path).status_code == 404
    stranger = str(staff_of_citizens())
    answer = office.roads.post(f"/desk/bulk/{number}/start", {"act": "assign", "staff_id": stranger})
    assert answer.status_code == 422
    assert "担当にする人を選んでください" in answer.text


def staff_of_citizens() -> int:
    with city_session(CITY) as session:
        return staff_id_of(session, "citizens@example.jp") or 0


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"scope": "ticked"},
        {"scope": "ticked", "case": "x"},
        {"scope": "ticked", "case": "9" * 40},
        {"scope": "ticked", "case": "0"},
    ],
)
def test_nothing_chosen_says_what_to_do(office: Office, form: dict[str, str]) -> None:
    office.roads.get("/desk")
    refused = office.roads.post(f"/desk/bulk?{REPORTS}", form)
    assert refused.status_code == 422
    assert "案件を1件以上選んでください" in refused.text


def test_a_list_whose_place_cannot_be_used_is_not_acted_on_as_a_whole(office: Office) -> None:
    office.roads.get("/desk")
    refused = office.roads.post(f"/desk/bulk?{REPORTS}&near=feature:gone:1:0", {"scope": "all"})
    assert refused.status_code == 422
    assert "地図の層は、なくなったか、見ることができません" in refused.text


def test_too_many_cases_are_refused_with_a_way_out(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MAX_CASES", 10)
    office.roads.get("/desk")
    refused = office.roads.post(f"/desk/bulk?{REPORTS}", {"scope": "all"})
    assert refused.status_code == 422
    assert "一度に扱えるのは10件までです。条件で絞ってください" in refused.text


@pytest.mark.parametrize("act", ["", "erase"])
def test_an_act_that_no_page_offers_is_refused(office: Office, act: str) -> None:
    number = choose(office.roads, cases=sorted(office.reports)[:1])
    for way in ("confirm", "start"):
        refused = office.roads.post(f"/desk/bulk/{number}/{way}", {"act": act, "staff_id": "nobody"})
        assert refused.status_code == 422
        assert "することを選んでください" in refused.text


def test_the_chosen_cases_are_printed_and_exported_and_leave_a_trace(office: Office) -> None:
    cases = sorted(office.reports)[:3]
    number = choose(office.roads, cases=cases)
    page = office.roads.get(f"/desk/bulk/{number}/print").text
    assert "案件の一覧 3件" in page
    assert "試験 0" in page and "多摩平一丁目" in page
    table = office.roads.get(f"/desk/case-layers/bulk/{number}/cases.road-damage.spot.csv")
    assert len(table.get_data(as_text=True).strip().splitlines()) == 4
    with city_session(CITY) as session:
        traces = session.execute(
            text("SELECT name, data FROM event WHERE name IN ('list.viewed', 'export.made') ORDER BY id DESC LIMIT 2")
        ).all()
    assert {name for name, _data in traces} == {"list.viewed", "export.made"}
    assert "bulk print" in str(traces)


def test_records_are_forgotten_after_a_month(office: Office) -> None:
    number = choose(office.roads, cases=sorted(office.reports)[:1])
    with city_session(CITY) as session:
        session.get_one(BulkAction, number).chosen_at = now() - bulk.KEPT_FOR * 2
    with city_session(CITY) as session:
        bulk.forget_old(session)
    assert office.roads.get(f"/desk/bulk/{number}").status_code == 404
    with city_session(CITY) as session:
        assert session.scalar(select(BulkCase.case_id).where(BulkCase.bulk_id == number)) is None


def test_many_cases_cost_the_same_statements_to_choose_and_to_look_at(office: Office, statements: list[str]) -> None:
    few, many = choose(office.roads, cases=sorted(office.reports)[:2]), choose(office.roads)
    counts = []
    for number in (few, many):
        office.roads.get(f"/desk/bulk/{number}")
        statements.clear()
        proposed(office.roads, number, {"act": "assign", "staff_id": "nobody"})
        counts.append(len(statements))
    assert counts[0] == counts[1]

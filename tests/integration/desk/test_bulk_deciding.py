"""Accepting many cases together, handing them over to another department, and having the worker stop."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import select, text

from portal.cases import bulk, bulk_runs, moves
from portal.cases.messages import messages_of
from portal.cases.models import Case
from portal.core.access import StaffIdentity
from portal.core.database import city_session
from portal.identity import department_by_key, read_staff, staff_id_of
from tests.integration.desk.conftest import CITY, Office
from tests.integration.desk.test_bulk import choose, events_of, outcomes, proposed, words
from tests.kit.answers import damage
from tests.kit.city import begin, send
from tests.kit.jobs import forget_jobs, work

REASON = "公園の中なので、公園を管理する課が担当します。"


@pytest.fixture
def arrived(office: Office) -> Iterator[list[int]]:
    """Four reports of this test's own that nobody has accepted."""
    with city_session(CITY) as session:
        cases = [send(session, begin(session, "road-damage", damage(CITY, f"{n}つ目"))).id for n in range(4)]
    forget_jobs(CITY)
    yield cases
    forget_jobs(CITY)
    with city_session(CITY) as session:
        session.execute(text("DELETE FROM bulk_action"))


def states(cases: list[int]) -> list[str]:
    with city_session(CITY) as session:
        by_id = dict(session.execute(select(Case.id, Case.state).where(Case.id.in_(cases))).all())
    return [by_id[case_id] for case_id in cases]


def citizens() -> int:
    with city_session(CITY) as session:
        department = department_by_key(session, "citizens")
        assert department is not None
        return department.id


def test_what_arrived_is_accepted_together_once_each(office: Office, arrived: list[int]) -> None:
    ended = next(case_id for case_id in sorted(office.reports) if states([case_id]) == ["completed"])
    number = choose(office.roads, cases=[*arrived, ended])
    page = words(proposed(office.roads, number, {"act": "accept"}))
    assert "4件を受け付けます" in page
    assert "対象から外れる案件 1件" in page and "もう終わった案件です" in page
    assert states(arrived) == ["received"] * 4
    for _press in range(2):
        assert office.roads.post(f"/desk/bulk/{number}/start", {"act": "accept"}).status_code == 303
    assert work(CITY).count(bulk.ACT_IN_BULK) == 1
    assert states(arrived) == ["accepted"] * 4
    assert [events_of(case_id).count("case.accepted") for case_id in arrived] == [1] * 4
    assert "まとめて受け付けた結果" in words(office.roads.get(f"/desk/bulk/{number}").text)
    again = choose(office.roads, cases=arrived)
    assert "いま、受け付ける段階にありません" in words(proposed(office.roads, again, {"act": "accept"}))


def test_two_who_accept_the_same_cases_at_once_accept_each_once(office: Office, arrived: list[int]) -> None:
    numbers = [choose(desk, cases=arrived) for desk in (office.roads, office.second)]
    for desk, number in zip((office.roads, office.second), numbers, strict=True):
        assert desk.post(f"/desk/bulk/{number}/start", {"act": "accept"}).status_code == 303
    workers = [threading.Thread(target=bulk_runs.run, args=(CITY, number)) for number in numbers]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    ends = outcomes(numbers[0]) + outcomes(numbers[1])
    assert ends == {"done": 4, "left_out": 4}
    assert [events_of(case_id).count("case.accepted") for case_id in arrived] == [1] * 4


def test_cases_go_to_another_department_with_one_reason(office: Office, arrived: list[int]) -> None:
    number = choose(office.roads, cases=arrived)
    form = {"act": "transfer", "department": str(citizens()), "reason": ""}
    refused = office.roads.post(f"/desk/bulk/{number}/confirm", form)
    assert refused.status_code == 422 and "メッセージを書いてください" in refused.text
    nowhere = office.roads.post(f"/desk/bulk/{number}/confirm", form | {"department": "0", "reason": REASON})
    assert nowhere.status_code == 422 and "移す先の課を選んでください" in nowhere.text
    page = words(proposed(office.roads, number, form | {"reason": REASON}))
    assert "4件を「" in page and REASON in page
    with city_session(CITY) as session:  # somebody decides on one meanwhile
        moves.lock_case(session, arrived[0]).advance()
    office.roads.post(f"/desk/bulk/{number}/start", form | {"reason": REASON})
    work(CITY)
    assert outcomes(number) == {"done": 3, "left_out": 1}
    with city_session(CITY) as session:
        departments = [session.get_one(Case, case_id).department_id for case_id in arrived]
        assert departments.count(citizens()) == 3
        assert [message.body for message in messages_of(session, arrived[1])] == [REASON]
    report = words(office.roads.get(f"/desk/bulk/{number}").text)
    assert "選んだあとに、案件の内容や状態が変わりました" in report
    assert office.roads.post(f"/desk/bulk/{number}/take-back").status_code == 303
    assert work(CITY) == [], "what went to others is theirs to give back"


def test_the_worker_stops_when_it_is_told_and_what_is_done_stays(
    office: Office, arrived: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = choose(office.roads, cases=arrived)
    office.roads.post(f"/desk/bulk/{number}/start", {"act": "accept"})
    assert "残りをやめる" in office.roads.get(f"/desk/bulk/{number}").text
    real, count = bulk_runs.decide, []

    def stopped_after_two(*arguments: object, **more: object) -> object:
        count.append(1)
        if len(count) == 2:
            assert office.roads.post(f"/desk/bulk/{number}/stop").status_code == 303
        return real(*arguments, **more)

    monkeypatch.setattr(bulk_runs, "decide", stopped_after_two)
    work(CITY)
    assert states(arrived) == ["accepted", "accepted", "received", "received"]
    page = words(office.roads.get(f"/desk/bulk/{number}").text)
    assert "途中でやめました" in page and "行いませんでした 2件" in page
    assert office.roads.post(f"/desk/bulk/{number}/stop").status_code == 303
    assert office.second.post(f"/desk/bulk/{number}/stop").status_code == 404


def test_cases_of_other_departments_are_left_to_them(office: Office, arrived: list[int]) -> None:
    number = choose(office.roads, cases=arrived)
    with city_session(CITY) as session:
        row = session.get_one(bulk.BulkAction, number)
        outlook = bulk.outlook(session, row, bulk.Proposal("accept"), stranger())
    assert (outlook.count, {reason for _chosen, reason in outlook.left_out}) == (0, {"forbidden"})


def stranger() -> StaffIdentity:
    with city_session(CITY) as session:
        staff = read_staff(session, staff_id_of(session, "citizens@example.jp"))
    assert staff is not None
    return staff

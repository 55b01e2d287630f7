"""The auditor's page: who sees it and how far, what it finds, what it never says, and a check of the chain."""

import csv
import io
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.cases.events import of_case
from portal.core.clock import today
from portal.core.database import city_session, owner_engine
from portal.core.events import Actor, Event, Subject, event_kinds, record, subject_kinds
from portal.desk.audit_particulars import PARTICULARS, UNSAID
from portal.desk.audit_words import SUBJECTS, fault_in_words, group_of
from portal.identity.actions import create_staff
from tests.integration.desk.conftest import CITY, Office
from tests.kit.browser import Browser
from tests.kit.city import hire
from tests.kit.jobs import forget_jobs, work
from tests.kit.people import PASSWORD, SECRET

PAGE = "/desk/audit"
ADMINISTRATOR = Actor("staff", 991, "=管理 花子")
HTMX = {"HX_Request": "true"}


@pytest.fixture(scope="module")
def auditor(app: Flask, office: Office) -> Browser:
    """Somebody who audits in every department, and nothing else."""
    with city_session(CITY) as session:
        create_staff(session, "auditor@example.jp", "監査 太郎", PASSWORD, {None: {"auditor"}}, totp_secret=SECRET)
    return Browser(app, CITY, "192.0.2.91").sign_in_at_desk("auditor@example.jp")


@pytest.fixture(scope="module")
def half(app: Flask, office: Office) -> Browser:
    """Somebody who audits in one department."""
    hire(CITY, "half.auditor@example.jp", {"citizens": ("auditor",)})
    return Browser(app, CITY, "192.0.2.92").sign_in_at_desk("half.auditor@example.jp")


def events(name: str) -> list[dict[str, object]]:
    with city_session(CITY) as session:
        return list(session.scalars(select(Event.data).where(Event.name == name).order_by(Event.id)))


def test_the_page_is_for_auditors_alone(office: Office, auditor: Browser) -> None:
    assert office.roads.get(PAGE).status_code == 403
    assert 'href="/desk/audit"' not in office.roads.get("/desk").text
    page = auditor.get(PAGE)
    assert page.status_code == 200
    assert 'aria-current="page"' in page.text
    assert auditor.get(f"/desk/cases/{office.permit}").status_code == 403, "the right to audit opens no case"


def test_who_looked_at_a_case_is_found_by_its_number(office: Office, auditor: Browser) -> None:
    office.roads.get(f"/desk/cases/{office.permit}")
    page = auditor.get(f"{PAGE}?case={office.permit_number}&kind=looks").text
    assert "内容を見ました" in page
    assert "試験 職員" in page
    assert office.permit_number in page
    assert "佐藤 美咲" not in page, "the applicant is not named"
    narrowed = auditor.get(f"{PAGE}?case={office.permit_number}&kind=looks&who={office.roads_id}").text
    assert "内容を見ました" in narrowed
    assert "この条件に合う記録はありません" in auditor.get(f"{PAGE}?case={office.permit_number}&kind=rights").text


def test_filters_narrow_by_days_department_procedure_and_sort_of_people(office: Office, auditor: Browser) -> None:
    for query, matches in (
        ("procedure=road-occupancy&kind=case.submitted", True),
        ("procedure=dog-registration&kind=case.submitted", False),
        ("who=applicant&kind=case.submitted", True),
        ("who=system&kind=case.submitted", False),
        (f"from={today()}&to={today()}&kind=case.submitted", True),
        ("to=2020-01-01", False),
    ):
        page = auditor.get(f"{PAGE}?{query}").text
        assert ("<tbody>" in page) is matches, query


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("case=日-9999-99999", "この受付番号の案件はありません"),
        ("payment=abc", "番号を数字で入れてください"),
        ("payment=999999999", "この番号の支払いはありません"),
        ("from=yesterday", "日を、2026-12-01のように入れてください"),
        ("from=2026-11-30&to=2026-11-01", "より後の日にしてください"),
        ("kind=nothing", "このできごとは、ありません"),
        ("who=x", "えらび直してください"),
        ("case=a&layer=1", "どれか1つにしてください"),
    ],
)
def test_a_filter_that_leads_nowhere_is_said_beside_its_field(auditor: Browser, query: str, sentence: str) -> None:
    page = auditor.get(f"{PAGE}?{query}").text
    assert sentence in page
    assert "<tbody>" not in page, "nothing is shown that was not asked for"
    assert auditor.get(f"{PAGE}/events.csv?{query}").status_code == 422


def test_who_audits_one_department_sees_its_cases_alone(office: Office, half: Browser) -> None:
    page = half.get(f"{PAGE}?kind=case.submitted").text
    assert office.permit_number not in page
    assert "<tbody>" not in half.get(f"{PAGE}?kind=rights").text
    assert "この受付番号の案件はありません" in half.get(f"{PAGE}?case={office.permit_number}").text
    assert "市民窓口課" in page or "市民課" in page
    assert "いま検査する" not in page
    assert half.submit(f"{PAGE}/check", PAGE).status_code == 403


def test_a_file_is_safe_in_spreadsheets_and_an_event(auditor: Browser) -> None:
    with city_session(CITY) as session:
        record(session, Subject("staff", 12), "staff.roles_changed", ADMINISTRATOR, roles=["*:clerk"])
    for encoding, codec in (("cp932", "cp932"), ("utf-8", "utf-8-sig")):
        answer = auditor.get(f"{PAGE}/events.csv?kind=staff.roles_changed&encoding={encoding}")
        assert answer.status_code == 200
        rows = list(csv.DictReader(io.StringIO(answer.data.decode(codec))))
        assert rows[0]["だれが"] == "'=管理 花子"
        assert rows[0]["できごと"] == "職員の役割を変えました"
        assert "すべての課 受付・審査" in rows[0]["詳しい内容"]
    made = events("audit.exported")[-1]
    assert (made["filters"], made["rows"], made["encoding"]) == ("kind", len(rows), "utf-8")
    assert auditor.get(f"{PAGE}/events.csv?encoding=ebcdic").status_code == 422


def test_a_file_that_would_be_too_long_is_refused_with_a_remedy(
    auditor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.desk.audit.MOST_IN_A_FILE", 1)
    answer = auditor.get(f"{PAGE}/events.csv")
    assert answer.status_code == 422
    assert "日を短く区切ってください" in answer.text


def test_reading_the_trail_is_in_the_trail(office: Office, auditor: Browser) -> None:
    auditor.get(f"{PAGE}?case={office.permit_number}&who={office.roads_id}")
    auditor.get(f"{PAGE}?case={office.permit_number}&who={office.roads_id}")
    looked = [data for data in events("audit.viewed") if data["filters"] == "who case"]
    assert [(data["staff_id"], data["case_id"]) for data in looked] == [(office.roads_id, office.permit)]


@pytest.fixture
def no_jobs() -> Iterator[None]:
    """An empty queue, before and after."""
    forget_jobs(CITY)
    yield
    forget_jobs(CITY)


def test_the_chain_is_checked_by_the_worker_once_however_often_it_is_asked(auditor: Browser, no_jobs: None) -> None:
    assert auditor.submit(f"{PAGE}/check", PAGE).status_code == 303
    assert auditor.submit(f"{PAGE}/check", PAGE).status_code == 303
    assert "検査の順番を待っています" in auditor.get(PAGE).text
    assert "検査の順番を待っています" in auditor.get(f"{PAGE}/check", **HTMX).text
    checks_before = len(events("chain.check_asked"))
    assert work(CITY) == ["audit.follow_chain"]
    assert auditor.get(f"{PAGE}/check", **HTMX).headers["HX-Refresh"] == "true"
    page = auditor.get(PAGE).text
    assert "切れ目はありません" in page
    assert "いま検査する" in page
    auditor.submit(f"{PAGE}/check", PAGE)
    assert len(events("chain.check_asked")) == checks_before + 1
    assert work(CITY) == ["audit.follow_chain"]


def test_a_broken_chain_is_said_in_plain_words(auditor: Browser, no_jobs: None) -> None:
    change = text(
        "UPDATE event SET actor_name = :name WHERE id = (SELECT min(id) FROM event WHERE actor_kind = 'staff')"
    )
    former = text("SELECT actor_name FROM event WHERE id = (SELECT min(id) FROM event WHERE actor_kind = 'staff')")
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL search_path = city_{CITY}, public")
        name = connection.scalar(former)
        connection.execute(change, {"name": "だれか"})
    try:
        auditor.submit(f"{PAGE}/check", PAGE)
        work(CITY)
        page = auditor.get(PAGE).text
        assert "記録のつながりが切れています" in page
        assert "番の記録の中身が、書かれたあとで変えられています" in page
        assert "システムの運用の担当に知らせてください" in page
    finally:
        with owner_engine().begin() as connection:
            connection.exec_driver_sql(f"SET LOCAL search_path = city_{CITY}, public")
            connection.execute(change, {"name": name})


def test_codes_of_an_event_are_said_in_words(app: Flask, office: Office, auditor: Browser) -> None:
    with city_session(CITY) as session:
        of_case = Subject("case", office.permit)
        record(session, of_case, "case.accepted", ADMINISTRATOR, state="accepted")
        record(session, Subject("city"), "city.day_closed", ADMINISTRATOR, day="2031-02-03")
        named = {"key": "road-occupancy", "number": 7, "topics": ["money"], "changes": 2}
        record(session, Subject("procedure", 1), "procedure.published", ADMINISTRATOR, **named)
    told = auditor.get(f"{PAGE}?case={office.permit_number}&kind=case.accepted").text
    assert "状態:accepted" not in told
    assert re.search(r"状態:[^<a-z]+<", told)
    assert "2031年2月3日" in auditor.get(f"{PAGE}?kind=city.day_closed").text
    published = auditor.get(f"{PAGE}?procedure=road-occupancy&kind=procedure.published").text
    assert "手続き 道路占用" in published
    assert "変えたところ:料金" in published
    assert "この条件に合う記録はありません" in auditor.get(f"{PAGE}?procedure=park-use&kind=procedure.published").text


def test_another_case_in_an_event_is_named_by_its_receipt_number(office: Office, auditor: Browser) -> None:
    report, gone = sorted(office.reports)[7], 2**40
    with city_session(CITY) as session:
        record(session, of_case(report), "case.joined", ADMINISTRATOR, lead_id=office.permit)
        record(session, of_case(report), "case.lead_taken", ADMINISTRATOR, follower_id=gone)
    for kind, words in (
        ("case.joined", f"統合先の案件:{office.permit_number}"),
        ("case.lead_taken", "統合した案件:ほかの案件"),
    ):
        page = auditor.get(f"{PAGE}?kind={kind}").text
        assert words in page
        assert str(gone) not in page
        assert words in auditor.get(f"{PAGE}/events.csv?kind={kind}&encoding=utf-8").data.decode("utf-8-sig")


def test_whatever_an_event_carries_is_called_something(app: Flask) -> None:
    keys = {key for kind in event_kinds().values() for key in kind.keys if not key.endswith("_id")}
    assert keys - PARTICULARS.keys() - UNSAID == set()


def test_whatever_can_happen_has_a_subject_in_words_and_a_group(app: Flask) -> None:
    assert subject_kinds() - SUBJECTS.keys() == set()
    rights = ("staff.roles_changed", "city_role.changed", "program_key.created")
    assert {group_of(name) for name in rights} == {"rights"}
    assert group_of("case.viewed") == group_of("case.file_opened") == "looks"
    assert group_of("ledger.exported") == group_of("export.made") == group_of("document.downloaded") == "exports"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("event 12 was altered: its content does not give its hash", "12番の記録の中身が"),
        ("events 3 and 4 follow the same event: one was put in", "差し込まれています"),
        (
            "an event is missing after event 5, or event 7 was put in: it follows nothing that is there",
            "なくなっているか",
        ),
        (
            "the newest events are missing: the chain ends with event 5, but its end was written down later",
            "いちばん新しい",
        ),
        ("the end of the chain as written down at 2026, after 5 events, is gone", "外に書き留めて"),
        ("event 5 is number 4 of the chain, but was number 5 when it was written down at 2026", "順番が"),
        ("event 5 is marked as redacted, but no event of the chain names it", "取り除いたという印"),
        ("the anchors cannot be read: x, line 1", "読めない"),
        ("something new", "確かめられませんでした"),
    ],
)
def test_every_fault_has_its_words(app: Flask, fault: str, words: str) -> None:
    with app.test_request_context("/desk"):
        assert words in fault_in_words(fault)

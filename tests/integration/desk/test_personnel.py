"""The personnel list of 1 April: read in either encoding, looked at line by line, and taken in one act or not at all."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from sqlalchemy import delete, select, update
from werkzeug.test import TestResponse

from portal.core.database import city_session
from portal.core.events import Event
from portal.identity import list_departments, list_staff, staff_administration
from portal.identity.models import Staff, StaffInvitation, StaffRole
from tests.integration.desk.conftest import CITY
from tests.integration.desk.test_staff_changes import Team, clerks, hidden, team
from tests.kit.letters import mailed_to

__all__ = ["team"]
HEAD = "職員番号,名前,メールアドレス,役割,退職,引き継ぐ人\r\n"
NEW = "arai@personnel.example.jp"


@pytest.fixture(autouse=True)
def nobody_new() -> Iterator[None]:
    """Who was invited by a list is gone again at the end."""
    yield
    with city_session(CITY) as session:
        new = list(session.scalars(select(Staff.id).where(Staff.email.like("%@personnel.example.jp"))))
        session.execute(delete(StaffInvitation).where(StaffInvitation.staff_id.in_(new)))
        session.execute(delete(StaffRole).where(StaffRole.staff_id.in_(new)))
        session.execute(update(Staff).where(Staff.id.in_(new)).values(active=False))


def offices(team: Team) -> tuple[str, str]:
    with city_session(CITY) as session:
        titles = {row.id: row.title["ja"] for row in list_departments(session)}
    return titles[team.roads], titles[team.parks]


def look(team: Team, *lines: str, encoding: str = "cp932") -> TestResponse:
    team.chief.get("/desk/personnel")
    content = (HEAD + "".join(f"{line}\r\n" for line in lines)).encode(encoding)
    return team.chief.post("/desk/personnel/preview", {"file": (BytesIO(content), "list.csv")})


def take(team: Team, *lines: str, shown: str) -> TestResponse:
    return team.chief.post("/desk/personnel/take", {"content": HEAD + "\r\n".join(lines), "shown": shown})


@pytest.mark.parametrize("encoding", ["cp932", "utf-8-sig", "utf-8"])
def test_a_list_is_looked_at_before_it_counts(team: Team, encoding: str) -> None:
    roads, parks = offices(team)
    page = look(
        team,
        f"1,新井 光,{NEW},{roads}:受付・審査、{parks}：決定,,",
        f"2,heir 新姓,heir@leaving.example.jp,{roads}:clerk,,",
        "3,leaver 職員,leaver@leaving.example.jp,,退職,heir@leaving.example.jp",
        "4,chief 職員,chief@leaving.example.jp,すべての課:管理者,,",
        encoding=encoding,
    )
    assert page.status_code == 200
    assert "招待する 1人、変わる 1人、退職 1人、いまのまま 1人" in page.text
    assert "職員番号" in page.text  # a column that says nothing here
    assert f"{roads} 受付・審査" in page.text
    assert "3件 → heir@leaving.example.jp" in page.text
    assert "3人について取り込む" in page.text
    with city_session(CITY) as session:
        assert NEW not in [person.email for person in list_staff(session)]


def test_a_list_is_taken_in_one_act_with_the_cases_handed_over(team: Team) -> None:
    roads, parks = offices(team)
    lines = (
        f"1,新井 光,{NEW},{parks}:受付・審査,,",
        f"2,heir 新姓,heir@leaving.example.jp,{roads}:clerk;{roads}:decider,,",
        "3,,leaver@leaving.example.jp,,退職,heir@leaving.example.jp",
    )
    shown = hidden(look(team, *lines).text, "shown")
    done = take(team, *lines, shown=shown)
    assert done.status_code == 303
    report = team.chief.get(done.location).text
    assert "招待 1人、変更 1人、退職 1人です。引き継いだ案件は3件です。" in report
    assert "引き継いだ案件は" not in team.chief.get(done.location).text  # it is said once
    assert clerks(team) == [team.heir] * 3
    assert "/desk/invitation/" in mailed_to(CITY, NEW, "staff_invitation")
    with city_session(CITY) as session:
        people = {person.email: person for person in list_staff(session)}
        assert people[NEW].state == "invited"
        assert people["leaver@leaving.example.jp"].state == "left"
        assert people["heir@leaving.example.jp"].name == "heir 新姓"
        assert staff_administration.roles_of(session, team.heir) == {(team.roads, "clerk"), (team.roads, "decider")}
        taken = session.scalars(select(Event).where(Event.name == "staff.list_taken").order_by(Event.id)).all()[-1]
        assert taken.data == {"invited": 1, "changed": 1, "left": 1, "cases": 3}
    again = take(team, *lines, shown=shown)
    assert again.status_code == 409
    assert "いまのまま 3人" in again.text


def test_every_line_that_cannot_be_taken_says_why_and_then_nothing_is(team: Team) -> None:
    roads, _parks = offices(team)
    wrong = {
        f"1,新井 光,,{roads}:受付・審査,,": "2行目: メールアドレスを書いてください",
        f"1,新井 光,arai,{roads}:受付・審査,,": "3行目: メールアドレスは",
        f"1,,b@personnel.example.jp,{roads}:受付・審査,,": "4行目: 新しい職員の名前を書いてください",
        "1,新井 光,c@personnel.example.jp,宇宙課:受付・審査,,": "5行目: 「宇宙課」という課はありません",
        f"1,新井 光,d@personnel.example.jp,{roads}:船長,,": "6行目: 「船長」という役割はありません",
        "1,新井 光,e@personnel.example.jp,受付・審査,,": "7行目: 役割「受付・審査」は",
        "1,新井 光,f@personnel.example.jp,,,": "8行目: 役割を、",
        "1,chief 職員,chief@leaving.example.jp,,退職,": "9行目: 自分のアカウントは閉じられません",
        "1,だれか,nobody@personnel.example.jp,,退職,": "10行目: このメールアドレスの職員は登録されていません",
        "1,heir 職員,heir@leaving.example.jp,,たぶん,": "11行目: 退職の列は",
        "1,heir 職員,HEIR@leaving.example.jp,,,": "12行目: メールアドレス heir@leaving.example.jp は、11行目にもあります",
        "1,leaver 職員,leaver@leaving.example.jp,,退職,gone@personnel.example.jp": "13行目: 引き継ぐ人 gone@",
    }
    page = look(team, *wrong)
    assert [sentence for sentence in wrong.values() if sentence not in page.text] == []
    assert "について取り込む" not in page.text
    refused = take(team, *wrong, shown=hidden(page.text, "csrf_token"))
    assert refused.status_code == 409
    assert clerks(team) == [team.leaver] * 3


def test_who_takes_cases_over_works_in_their_department_or_nothing_is_taken(team: Team) -> None:
    _roads, parks = offices(team)
    lines = (
        f"1,heir 職員,heir@leaving.example.jp,{parks}:clerk,,",
        "2,leaver 職員,leaver@leaving.example.jp,,退職,heir@leaving.example.jp",
    )
    refused = take(team, *lines, shown=hidden(look(team, *lines).text, "shown"))
    assert refused.status_code == 422
    assert "3行目: 引き継ぐ人は、その課の職員から選んでください" in refused.text
    assert clerks(team) == [team.leaver] * 3
    with city_session(CITY) as session:
        assert staff_administration.roles_of(session, team.heir) == {(team.roads, "clerk")}


def test_what_is_no_personnel_list_is_refused_in_words(team: Team) -> None:
    team.chief.get("/desk/personnel")
    for content, sentence in (
        (b"", "ファイルを選んでください"),
        (b"\x81", "ファイルを読めません"),
        ("なまえ,役割\r\nあ,い\r\n".encode(), "「名前」「メールアドレス」がありません"),
        (HEAD.encode(), "2行目から"),
    ):
        refused = team.chief.post("/desk/personnel/preview", {"file": (BytesIO(content), "list.csv")})
        assert refused.status_code == 422
        assert sentence in refused.text


def test_the_list_of_now_can_be_taken_back_and_changes_nothing(team: Team) -> None:
    for encoding, name in (("cp932", "cp932"), ("utf-8", "utf-8-sig")):
        file = team.chief.get(f"/desk/personnel/list.{encoding}.csv")
        assert file.content_type == f"text/csv; charset={'shift_jis' if encoding == 'cp932' else 'utf-8'}"
        assert file.data.decode(name).startswith("名前,メールアドレス,役割,退職,引き継ぐ人\r\n")
        page = team.chief.post("/desk/personnel/preview", {"file": (BytesIO(file.data), "list.csv")})
        assert page.status_code == 200
        assert "変わる人は、いません" in page.text
        assert "取り込めない行" not in page.text

"""Departments in the hands of administrators: what people read of them, and their order."""

import re
from collections.abc import Iterator
from types import SimpleNamespace

import pyotp
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from portal.cli import main
from portal.core.clock import now
from portal.core.database import city_session
from portal.core.errors import Conflict
from portal.core.events import SYSTEM, Event
from portal.identity import department_administration, department_by_key, list_departments
from portal.identity.actions import create_staff
from portal.identity.department_administration import Particulars, particulars_of, save_department
from tests.kit.browser import Browser
from tests.kit.people import PASSWORD, SECRET


@pytest.fixture
def hall(doors: Flask, scratch_city: str) -> Iterator[SimpleNamespace]:
    """Four departments; an administrator of the whole city and one of the roads office, at their desks."""
    with city_session(scratch_city) as session:
        for key, title in (
            ("road-management", "道路課"),
            ("citizens", "市民課"),
            ("parks", "公園課"),
            ("sports", "スポーツ課"),
        ):
            save_department(session, SYSTEM, key, Particulars({"ja": title}, phone="042-585-1111"))
        roads = department_by_key(session, "road-management")
        assert roads is not None
        for name, office in (("chief", None), ("local", roads.id)):
            create_staff(
                session, f"{name}@city.example.jp", f"{name} 職員", PASSWORD, {office: {"admin"}}, totp_secret=SECRET
            )
    yield SimpleNamespace(city=scratch_city, chief=enter(doors, "chief"), local=enter(doors, "local"))


def enter(doors: Flask, name: str) -> Browser:
    browser = Browser(doors, address="192.0.2.93")
    browser.submit("/desk/sign-in", email=f"{name}@city.example.jp", password=PASSWORD)
    browser.submit("/desk/sign-in/code", code=pyotp.TOTP(SECRET).at(now()))
    browser.get("/desk/departments")
    return browser


def hidden(page: str, name: str) -> str:
    field = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert field is not None, name
    return field[1]


def department_events(hall: SimpleNamespace) -> list[str]:
    """What happened to departments, beside their first coming."""
    with city_session(hall.city) as session:
        by_staff = select(Event.name).where(Event.subject_kind == "department", Event.actor_kind == "staff")
        return list(session.scalars(by_staff.order_by(Event.id)))


def test_a_department_is_added_with_names_and_contact_that_residents_read(hall: SimpleNamespace) -> None:
    fields = {
        "key": "greenery",
        "title_ja": "公園緑地課",
        "title_en": "Parks Division",
        "phone": "０４２－５１４－８３０７",
        "mail": "Parks@Hino.example.jp",
        "hours": "平日 9:00〜16:00",
        "place": "3階 31番窓口",
        "position": "139.3950、35.6713",
    }
    made = hall.chief.post("/desk/new-department", fields)
    assert made.status_code == 303
    assert "課を加えました" in hall.chief.get(made.location).text
    with city_session(hall.city) as session:
        made_row = department_by_key(session, "greenery")
        assert made_row is not None
        assert particulars_of(made_row) == Particulars(
            {"ja": "公園緑地課", "en": "Parks Division"},
            phone="０４２－５１４－８３０７",
            mail="parks@hino.example.jp",
            hours="平日 9:00〜16:00",
            place="3階 31番窓口",
            position=(139.395, 35.6713),
        )
    assert department_events(hall) == ["department.added"]
    again = hall.chief.post("/desk/new-department", fields | {"title_ja": "別の課"})
    assert again.status_code == 422
    assert "もう使われています" in again.text
    assert 'value="別の課"' in again.text


WRONG = [
    ("key", "Parks 課", "小文字の英数字とハイフン"),
    ("title_ja", "", "課の名前を、日本語で入力してください"),
    ("title_ja", "公園課", "もうあります"),
    ("title_ja", "あ" * 61, "60文字までです"),
    ("phone", "12", "市外局番から"),
    ("mail", "公園課", "メールアドレスは"),
    ("hours", "あ" * 81, "80文字まで"),
    ("position", "35.7139.4", "コンマで区切って"),
    ("position", "35.7, 139.4", "経度、緯度の順"),
]


def test_what_cannot_be_taken_is_said_beside_its_field_and_nothing_typed_is_lost(hall: SimpleNamespace) -> None:
    for field, value, sentence in WRONG:
        fields = {"key": "greenery", "title_ja": "緑地課", "place": "九階", field: value}
        page = hall.chief.post("/desk/new-department", fields)
        assert page.status_code == 422
        assert sentence in page.text
        assert 'value="九階"' in page.text
        assert f'href="#{field}"' in page.text
    assert department_events(hall) == []


def test_one_answer_tells_of_every_field_that_is_wrong(hall: SimpleNamespace) -> None:
    wrong = {"key": "Parks 課", "title_ja": "公園課", "phone": "12", "mail": "公園課", "position": "35.7139.4"}
    added = hall.chief.post("/desk/new-department", wrong)
    assert added.status_code == 422
    assert [field for field in wrong if f'href="#{field}"' not in added.text] == []
    nothing = hall.chief.post("/desk/new-department", {"title_ja": "", "position": "九階"})
    assert "キーを入力してください" in nothing.text
    assert "課の名前を、日本語で入力してください" in nothing.text
    del wrong["key"]
    changed = hall.chief.post("/desk/departments/road-management", wrong | {"seen": "1"})
    assert changed.status_code == 422
    assert [field for field in wrong if f'href="#{field}"' not in changed.text] == []
    assert department_events(hall) == []


def test_the_slower_of_two_changes_reads_the_others_and_keeps_what_was_typed(hall: SimpleNamespace) -> None:
    address = "/desk/departments/road-management"
    seen = hidden(hall.chief.get(address).text, "seen")
    assert hall.local.post(address, {"title_ja": "道路課", "place": "8階", "seen": seen}).status_code == 303
    slower = hall.chief.post(address, {"title_ja": "みちの課", "seen": seen})
    assert slower.status_code == 409
    assert "ほかの人が先に変えました" in slower.text
    assert 'value="みちの課"' in slower.text
    assert hall.chief.post(address, {"title_ja": "みちの課", "seen": hidden(slower.text, "seen")}).status_code == 303
    assert department_events(hall) == ["department.changed"] * 2


def test_an_administrator_of_one_office_changes_its_contact_and_nothing_of_the_city(hall: SimpleNamespace) -> None:
    page = hall.local.get("/desk/departments/citizens").text
    assert "変えられるのは" in page
    fields = {"title_ja": "別の名前", "seen": "1"}
    assert hall.local.post("/desk/departments/citizens", fields).status_code == 403
    assert hall.local.post("/desk/new-department", {"key": "greenery", "title_ja": "緑地課"}).status_code == 403
    assert hall.local.post("/desk/departments/citizens/order", {"after": "*"}).status_code == 403
    close = {"successor": "citizens", "step": "confirm", "seen": "1"}
    assert hall.local.post("/desk/departments/road-management/close", close).status_code == 403
    assert department_events(hall) == []


def test_the_order_is_the_one_in_which_everybody_reads_them(hall: SimpleNamespace) -> None:
    with city_session(hall.city) as session:
        keys = [row.key for row in list_departments(session)]
    moved = hall.chief.post(f"/desk/departments/{keys[2]}/order", {"after": keys[0]})
    assert moved.status_code == 303
    first = hall.chief.post(f"/desk/departments/{keys[3]}/order", {"after": "*"})
    assert first.status_code == 303
    with city_session(hall.city) as session:
        now_keys = [row.key for row in list_departments(session)]
    assert now_keys == [keys[3], keys[0], keys[2], keys[1], *keys[4:]]
    assert hall.chief.post(f"/desk/departments/{keys[3]}/order", {"after": "nowhere"}).status_code == 422
    with city_session(hall.city) as session, pytest.raises(Conflict):
        department_administration.order_departments(session, SYSTEM, keys[1:])


def test_the_command_line_does_the_same(hall: SimpleNamespace) -> None:
    def run(*arguments: str, given: str | None = None) -> str:
        result = CliRunner().invoke(main, ["department", *arguments], input=given)
        assert result.exit_code in (0, 1), result.output
        return result.output

    assert "道路公園課" in run("add", hall.city, "road-management", "--title", "道路公園課", "--hours", "平日 9時から")
    assert "道路公園課" in run("add", hall.city, "road-management", "--place", "7階")
    with city_session(hall.city) as session:
        row = department_by_key(session, "road-management")
        assert row is not None
        assert (row.title["ja"], row.hours, row.place, row.phone) == (
            "道路公園課",
            "平日 9時から",
            "7階",
            "042-585-1111",
        )
        keys = [row.key for row in list_departments(session)]
    assert run("order", hall.city, *reversed(keys)).split() == keys[::-1]
    assert "Aborted" in run("close", hall.city, "road-management", "--into", "citizens", given="n\n")
    assert "road-management: closed" in run("close", hall.city, "road-management", "--into", "citizens", "--yes")
    assert "closed, now citizens" in run("list", hall.city)
    assert "もうありません" in run("close", hall.city, "road-management", "--into", "citizens", "--yes")

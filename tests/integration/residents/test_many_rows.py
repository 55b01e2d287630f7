"""Many rows: folded, counted by other answers, filled in from a table, from an earlier case, or like the row above."""

import io
import re
from itertools import count

import pytest

from portal.core.database import city_session
from portal.procedures import actions as procedures
from tests.integration.residents.conftest import CITY
from tests.kit.browser import Browser

_NUMBERS = count(1)

STAFF = """
procedure: KEY
kind: notification
title: {ja: 従業員の試し}
department: road-management
assurance: none
steps:
  - id: staff
    title: {ja: 従業員}
    fields:
      - {id: count, type: integer, label: {ja: 人数}, max: 500}
      - id: people
        type: group
        label: {ja: 従業員}
        row: {ja: 従業員}
        min: count
        max: 500
        unique: [{fields: [person]}]
        totals: [pay]
        fields:
          - {id: person, type: text, label: {ja: 氏名}}
          - {id: pay, type: money, label: {ja: 給与}}
          - {id: why, type: text, label: {ja: 理由}, show_when: pay > 1000}
workflow: {preset: notification}
"""


@pytest.fixture
def staff_page(browser: Browser) -> str:
    """A page with up to 500 rows."""
    key = f"staff-{next(_NUMBERS)}"
    with city_session(CITY) as session:
        made = procedures.create_procedure(session, key, "road-management")
        procedures.save_draft(session, made, STAFF.replace("KEY", key), None)
        procedures.publish(session, made, None)
    return browser.start(key)


def people(count: int) -> dict[str, str]:
    return {
        f"people.{number}.{name}": text
        for number in range(count)
        for name, text in {"person": f"人{number}", "pay": "1000"}.items()
    }


def test_many_rows_stand_folded_and_every_answer_stays(browser: Browser, staff_page: str) -> None:
    form = people(40) | {"count": "40", "people.7.pay": ""}
    answer = browser.post(staff_page, form)
    assert answer.status_code == 422
    assert 'id="people.7.pay"' in answer.text
    assert answer.text.count('name="open-row"') == 39  # the one with something to correct is open
    assert "人8、1,000円" in answer.text
    opened = browser.post(staff_page, form | {"open-row": "people.8", "people.7.pay": "900"})
    assert opened.status_code == 200
    assert 'id="people.8.pay"' in opened.text
    assert 'id="people.9.pay"' not in opened.text
    assert "給与の合計" in opened.text
    assert "39,900円" in opened.text
    typed = dict(re.findall(r'name="(people\.\d+\.\w+)" value="([^"]*)"', opened.text))
    sent = browser.post(staff_page, typed | {"count": "40"})
    assert sent.location.endswith("/review")
    assert "39,900円" in browser.get(str(sent.location)).text


def test_the_number_of_rows_follows_another_answer_while_it_is_typed(browser: Browser, staff_page: str) -> None:
    live = browser.post(f"{staff_page}/live", {"count": "3", "people.0.person": "佐藤"}, HX_Request="true")
    assert live.text.count('data-group-row id="people.') == 4  # three, and the template of a new one
    marked = re.findall(r'name="shown-questions" value="([^"]+)"', live.text)
    more = {"count": "3", "people.0.person": "佐藤", "people.0.pay": "5", "shown-questions": marked}
    again = browser.post(f"{staff_page}/live", more, HX_Request="true")
    assert 'id="frame-people"' not in again.text
    assert "<dd>5円</dd>" in again.text
    same = browser.post(staff_page, people(3) | {"count": "3", "people.1.person": "人0"})
    assert "2件目と同じ内容です。" in same.text
    assert "1件目と同じ内容です。" in same.text


def test_a_table_is_checked_cell_by_cell_and_taken_when_it_was_seen(browser: Browser, staff_page: str) -> None:
    redirect = browser.post(
        staff_page, {"count": "2", "people.0.person": "社長", "people.0.pay": "10", "table-rows": "people"}
    )
    assert redirect.location == f"{staff_page}/rows/people"
    page = str(redirect.location)
    assert "列の名前が入った表" in browser.get(page).text
    empty = browser.get(f"{page}/template.csv")
    assert empty.data.decode("utf-8-sig") == "氏名,給与,理由\r\n"
    wrong = browser.post(page, {"table": "氏名\t給与\n佐藤\tたくさん\n社長\t20\n", "keep": "yes"})
    assert wrong.status_code == 422
    assert "2行目の「給与」" in wrong.text
    assert "3行目の「氏名」" in wrong.text  # who is there already
    assert "佐藤\tたくさん" in wrong.text  # to be corrected where it was pasted
    assert 'name="take"' not in wrong.text
    taken_too_early = browser.post(page, {"table": "氏名\t給与\n佐藤\tたくさん\n", "keep": "yes", "take": "yes"})
    assert taken_too_early.status_code == 422
    file = (io.BytesIO("氏名,給与,理由\n佐藤,2000,残業\n鈴木,900,\n".encode("cp932")), "表.csv")
    right = browser.post(page, {"file": file, "keep": "yes"})
    assert right.status_code == 200
    assert "この2件を入れる" in right.text
    assert "佐藤" not in browser.get(staff_page).text  # nothing is written before
    table = "氏名,給与,理由\n佐藤,2000,残業\n鈴木,900,\n"
    taken = browser.post(page, {"table": table, "keep": "yes", "take": "yes"})
    assert taken.location == f"{staff_page}#people"
    filled = browser.get(staff_page).text
    assert re.findall(r'name="people\.\d\.person" value="([^"]+)"', filled) == ["社長", "佐藤", "鈴木"]
    replaced = browser.post(page, {"table": table, "take": "yes"})
    assert replaced.status_code == 303
    assert re.findall(r'name="people\.\d\.person" value="([^"]+)"', browser.get(staff_page).text) == ["佐藤", "鈴木"]
    assert browser.get(f"{staff_page}/rows/count").status_code == 404


HOUSEHOLD = """
procedure: KEY
kind: notification
title: {ja: 世帯の試し}
department: road-management
steps:
  - id: home
    title: {ja: 世帯}
    fields:
      - id: MEMBERS
        type: group
        item: household.members
        same_as_above: true
        fields:
          - {id: A, type: person_name, item: person.name}
          - {id: B, type: birthday, item: person.birthday}
          - {id: C, type: text, label: {ja: 学校}, show_when: "age(B, today()) < 15"}
          - {id: D, type: text, label: {ja: 病気のこと}, required: false, sensitive: true}
workflow: {preset: notification}
"""


def test_the_household_of_an_earlier_case_fills_the_rows_of_another_procedure(browser: Browser) -> None:
    keys = [f"home-{next(_NUMBERS)}" for _time in range(2)]
    with city_session(CITY) as session:
        for key, ids in zip(keys, (("a", "b", "c", "d"), ("p", "q", "c", "r")), strict=True):
            source = HOUSEHOLD.replace("KEY", key).replace("MEMBERS", f"members_{ids[0]}")
            for name, new in zip("ABCD", ids, strict=True):
                source = source.replace(f"id: {name},", f"id: {new},").replace(f"age({name},", f"age({new},")
            made = procedures.create_procedure(session, key, "road-management")
            procedures.save_draft(session, made, source, None)
            procedures.publish(session, made, None)
    browser.sign_in("household@example.jp")
    first = browser.start(keys[0])
    form = {
        "members_a.0.a.family": "佐藤",
        "members_a.0.a.given": "美咲",
        "members_a.0.b": "1990-04-01",
        "members_a.0.d": "ぜんそく",
        "members_a.1.b": "2018-04-01",
        "members_a.1.c": "第一小学校",
    }
    # the second row takes the name from the one above; its own birthday stays
    copied = browser.post(first, form | {"copy-row": "members_a.1"})
    assert copied.status_code == 200
    assert copied.text.count('value="佐藤"') == 2
    assert 'value="第一小学校"' in copied.text
    named = {"members_a.1.a.family": "佐藤", "members_a.1.a.given": "花"}
    receipt = browser.agree(str(browser.post(first, form | named).location)).location
    browser.get(receipt)
    assert browser.post(f"/me/cases/{receipt.rpartition('/')[2]}/keep", {"every": "1"}).status_code == 303
    page = browser.get(browser.start(keys[1])).text
    assert re.findall(r'name="members_p\.(\d)\.p\.given" value="([^"]+)"', page) == [("0", "美咲"), ("1", "花")]
    assert 'value="第一小学校"' in page
    assert "ぜんそく" not in page
    assert "前回の手続きから(" in page
    edited = browser.submit(
        "/me/profile/household.members",
        **{"answer.0.a.given": "花", "answer.0.a.family": "鈴木", "answer.0.b": "2018-04-01"},
    )
    assert edited.status_code == 303, edited.text
    assert "鈴木 花" in browser.get("/me/profile").text

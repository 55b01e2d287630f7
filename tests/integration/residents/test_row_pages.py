"""Rows with pages of their own: listed, filled in one after the other, taken out, changed, on two devices, without a script."""

import io
import re
from itertools import count
from typing import Any

from sqlalchemy import select

from portal.cases.drafts import answers_of
from portal.cases.models import Draft
from portal.core.database import city_session
from portal.procedures import actions as procedures
from tests.integration.residents.choosing import draft_of, names, photo
from tests.integration.residents.conftest import CITY
from tests.integration.residents.test_following import ask_for_correction, newest_case
from tests.kit.browser import Browser

SOURCE = """
procedure: KEY
kind: notification
title: {ja: お子さんの試し}
department: road-management
assurance: none
steps:
  - id: who
    title: {ja: 申請する方}
    fields:
      - {id: name, type: person_name, item: person.name}
  - id: family
    title: {ja: お子さん}
    fields:
      - {id: parent_note, type: text, label: {ja: 連絡}, required: false}
      - id: children
        type: group
        label: {ja: お子さん}
        row: {ja: お子さん}
        pages: each
        max: MOST
        unique: [{fields: [nick]}]
        totals: [cost]
        fields:
          - {id: nick, type: text, label: {ja: 呼び名}}
          - {id: lives, type: yes_no, label: {ja: 同居していますか}}
          - {id: where, type: text, label: {ja: お子さんの住所}, show_when: "!lives"}
          - {id: picture, type: photo, label: {ja: 写真}, required: false, max: 2}
          - {id: cost, type: integer, label: {ja: 費用}, required: false}
  - id: last
    title: {ja: おわり}
    fields:
      - {id: end, type: text, label: {ja: おわりに}, required: false}
workflow: {preset: notification}
"""
_NUMBERS = count(1)


def begin(browser: Browser, *, most: int = 4) -> str:
    """The page that lists the children; the page before it is filled in."""
    key = f"children-{next(_NUMBERS)}"
    with city_session(CITY) as session:
        made = procedures.create_procedure(session, key, "road-management")
        procedures.save_draft(session, made, SOURCE.replace("KEY", key).replace("MOST", str(most)), None)
        procedures.publish(session, made, None)
    sent = browser.post(browser.start(key), {"name.family": "佐藤", "name.given": "美咲"})
    browser.get(sent.location)
    return str(sent.location)


def child(nick: str, lives: str = "yes", *, number: int = 0, **more: Any) -> dict[str, Any]:
    return {f"children.{number}.{name}": text for name, text in {"nick": nick, "lives": lives, **more}.items()}


def send(browser: Browser, row: str, form: dict[str, Any]) -> Any:
    """The page of a row is sent as it was opened."""
    shown = re.search(r'name="row-page" value="([^"]+)"', browser.get(row).text)
    assert shown is not None
    return browser.post(row, form | {"row-page": shown[1]})


def saved(page: str) -> Any:
    with city_session(CITY) as session:
        draft = session.scalars(select(Draft).where(Draft.public_id == draft_of(page))).one()
        return answers_of(session, draft).get("children")


def add_child(browser: Browser, page: str, form: dict[str, Any]) -> Any:
    opened = browser.post(page, {"row-page-add": "children"})
    return send(browser, str(opened.location), form)


def test_children_are_filled_in_one_after_the_other_and_listed(browser: Browser) -> None:
    page = begin(browser)
    empty = browser.get(page)
    assert "まだありません。「お子さんを追加する」を押すと" in empty.text
    assert browser.post(page, {}).status_code == 422  # one at least
    opened = browser.post(page, {"parent_note": "よろしく", "row-page-add": "children"})
    first = str(opened.location)
    assert first.endswith("/family/each/children/1")
    content = browser.get(first).text
    assert "<h1>お子さん 1</h1>" in content
    assert 'name="children.0.nick"' in content
    assert 'name="parent_note"' not in content
    # an unfinished row stays, says what is missing, and the list says that it is not finished
    wrong = send(browser, first, child("葵", "no"))
    assert wrong.status_code == 200
    assert "答えに合わせて、質問が増えました。" in wrong.text
    assert 'name="children.0.where"' in wrong.text
    listed = browser.get(page).text
    assert "入力の途中です" in listed
    assert 'value="よろしく"' in listed
    refused = browser.post(page, {"parent_note": "よろしく"})
    assert refused.status_code == 422
    assert 'href="#children.0"' in refused.text
    assert "「お子さん 1」に、直すところがあります。" in refused.text
    # the second is asked for from the page of the first
    onward = send(browser, first, child("葵", "no", where="大阪") | {"row-page-add": "children"})
    second = str(onward.location)
    assert second.endswith("/each/children/2")
    assert "2件のうち2件目" in browser.get(second).text
    blank = send(browser, second, child("", ""))
    assert blank.status_code == 422
    assert "「お子さん 2」は、まだ何も書いてありません。" in blank.text
    assert "「お子さん 2」は、まだ何も書いてありません。" in browser.post(page, {}).text
    same = send(browser, second, child("葵", number=1))
    assert same.status_code == 422
    done = send(browser, second, child("蓮", number=1, cost="300"))
    assert str(done.location).endswith("/family#children.1")
    listed = browser.get(page).text
    assert "入力の途中です" not in listed
    assert "費用の合計" in listed
    assert 'name="children.' not in listed  # nothing of the rows is on the list, and sending it loses nothing
    assert str(browser.post(page, {}).location).endswith("/last")
    assert saved(page) == [
        {"nick": "葵", "lives": False, "where": "大阪"},
        {"nick": "蓮", "lives": True, "cost": 300},
    ]
    # back on the first: what it says is there, and it leads to the list again, as the second is finished
    assert 'value="大阪"' in browser.get(first).text
    assert str(send(browser, first, child("葵")).location).endswith("/family#children.0")


def test_the_review_leads_to_the_row_and_the_application_is_sent_with_all_rows(browser: Browser) -> None:
    page = begin(browser)
    add_child(browser, page, child("葵"))
    add_child(browser, page, child("蓮", "no", number=1))
    review = f"{page.rpartition('/')[0]}/review"
    content = browser.get(review).text
    assert "/family/each/children/2?to-review=1#children.1.where" in content
    assert send(browser, f"{page}/each/children/2", child("蓮", "no", number=1, where="大阪")).status_code == 303
    browser.post(page, {})
    browser.post(f"{page.rpartition('/')[0]}/last", {})
    assert "お子さん 2" in browser.get(review).text
    assert browser.agree(review).status_code == 303
    assert browser.get(f"{page}/each/children/1").location.endswith("/review")
    # a correction asks for all rows on its one page
    case = newest_case()
    ask_for_correction(case.id, ("children",))
    correction = f"/me/cases/{case.public_id}/correction"
    content = browser.get(correction).text
    assert 'name="children.0.nick"' in content
    assert 'name="children.1.where"' in content
    corrected = browser.post(correction, child("葵") | child("蓮", number=1))
    assert corrected.status_code == 303


def test_a_row_is_taken_out_after_a_question_and_the_others_keep_their_pages_and_files(browser: Browser) -> None:
    page = begin(browser)
    for number, nick in enumerate(("葵", "蓮", "凛")):
        add_child(browser, page, child(nick, number=number))
    rows = [f"{page}/each/children/{key}" for key in (1, 2, 3)]
    for row, number, name in ((rows[0], 0, "一.jpg"), (rows[2], 2, "三.jpg")):
        upload = {f"children.{number}.picture.upload": (io.BytesIO(photo()), name), "add-file": "x"}
        send(browser, row, child("葵凛"[number > 0], number=number) | upload)
    assert sorted(names(draft_of(page))) == ["一.jpg", "三.jpg"]
    confirmation = browser.post(page, {"row-page-remove": "children.1"})
    question = browser.get(str(confirmation.location)).text
    assert "「お子さん 1」を消しますか" in question
    assert "葵" in question
    assert len(saved(page)) == 3
    assert browser.post(str(confirmation.location)).status_code == 303
    assert browser.post(str(confirmation.location)).status_code == 303  # pressed twice
    assert [row["nick"] for row in saved(page)] == ["蓮", "凛"]
    assert names(draft_of(page)) == ["三.jpg"]
    # the page of the third is the second row now; one that was opened before is taken for the right row
    assert "<h1>お子さん 2</h1>" in browser.get(rows[2]).text
    stale = child("凛々", number=2) | {"row-page": "children.3"}
    browser.post(f"{page}/autosave", stale)
    assert [row["nick"] for row in saved(page)] == ["蓮", "凛々"]
    added = browser.post(
        f"{page}/files/children.2.picture?row-page=children.3",
        {"upload": (io.BytesIO(photo()), "四.jpg")},
        Accept="application/json",
    )
    assert added.status_code == 200, added.text
    assert [file["name"] for file in saved(page)[1]["picture"]] == ["三.jpg", "四.jpg"]
    # a new row does not get the number of one that is gone
    assert str(browser.post(page, {"row-page-add": "children"}).location).endswith("/children/4")


def test_a_row_taken_out_elsewhere_is_said_and_what_was_written_can_be_kept(browser: Browser) -> None:
    page = begin(browser)
    add_child(browser, page, child("葵"))
    add_child(browser, page, child("蓮", number=1))
    row = f"{page}/each/children/2"
    browser.post(f"{row}/remove")
    assert "別の画面で消されました。" in browser.get(row).text
    saving = browser.post(f"{page}/autosave", child("蓮", number=1) | {"row-page": "children.2"})
    assert "別の画面で消されました。" in saving.get_json()["saved"]
    lost = browser.post(row, child("蓮二", number=1) | {"row-page": "children.2"})
    assert lost.status_code == 409
    assert 'name="lost-nick" value="蓮二"' in lost.text
    again = browser.post(page, {"lost-nick": "蓮二", "lost-lives": "yes", "row-page-restore": "children"})
    assert 'value="蓮二"' in browser.get(str(again.location)).text
    assert [entry["nick"] for entry in saved(page)] == ["葵", "蓮二"]
    # no more than there may be, and nothing for rows that there never were
    for number in (2, 3):
        add_child(browser, page, child(f"第{number}", number=number))
    assert 'name="row-page-add"' not in browser.get(page).text
    assert browser.post(page, {"row-page-add": "children"}).headers["Location"].endswith("/last")
    assert len(saved(page)) == 4
    assert browser.get(f"{page}/each/parent_note/1").status_code == 404
    assert browser.get(f"{page}/each/children/99").status_code == 404
    assert browser.post(page, {"row-page-open": "children.x"}).location == page


def test_an_empty_row_between_others_keeps_them_apart(browser: Browser) -> None:
    page = begin(browser)
    add_child(browser, page, child("葵"))
    browser.post(page, {"row-page-add": "children"})
    add_child(browser, page, child("凛", number=2))
    listed = browser.get(page).text
    assert "まだ書いていません" in listed
    assert "凛" in browser.get(f"{page}/each/children/3").text
    send(browser, f"{page}/each/children/1", child("葵い"))
    send(browser, f"{page}/each/children/2", child("蓮", number=1))
    assert [row["nick"] for row in saved(page)] == ["葵い", "蓮", "凛"]


def test_two_hundred_rows_come_from_a_table_and_each_has_its_page(browser: Browser) -> None:
    page = begin(browser, most=300)
    add_child(browser, page, child("葵"))
    table = "呼び名\t同居していますか\n" + "\n".join(f"子{number}\tはい" for number in range(200))
    confirmation = browser.post(page, {"table-rows": "children"})
    taken = browser.post(str(confirmation.location), {"table": table, "take": "yes"})
    assert taken.status_code == 303, taken.text
    listed = browser.get(page).text
    assert listed.count('class="listed-row"') == 200
    last = f"{page}/each/children/201"  # the first row was another
    assert 'value="子199"' in browser.get(last).text
    assert browser.get(f"{page}/each/children/1").status_code == 404
    assert str(send(browser, last, child("末子", number=199)).location).endswith("/family#children.199")
    assert saved(page)[199]["nick"] == "末子"
    # what was written elsewhere on the page shows while it is written
    live = browser.post(
        f"{page}/live", child("末子", "no", number=199) | {"row-page": "children.201"}, HX_Request="true"
    )
    assert 'name="children.199.where"' in live.text
    assert 'name="children.0.nick"' not in live.text

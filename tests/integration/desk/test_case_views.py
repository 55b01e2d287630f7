"""Views that people keep: their own and those of their department, in order, one to begin with, and what became of what they name."""

import html
import re
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from portal.cases import saved_views
from portal.core.database import city_session
from tests.integration.desk.conftest import CITY, Office
from tests.kit.browser import Browser


@pytest.fixture(autouse=True)
def forgotten(office: Office) -> Iterator[None]:
    """No view is left."""
    yield
    with city_session(CITY) as session:
        session.execute(text("DELETE FROM case_view"))


def keep(desk: Browser, name: str, query: str = "procedure=road-damage", owner: str = "mine") -> str:
    """Keep a view; the address that brings it back."""
    answer = desk.submit(f"/desk/views/new?{query}", name=name, owner=owner)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def department(page: str) -> str:
    return re.findall(r'<option value="(\d+)"', page)[0]


def bar(desk: Browser) -> list[str]:
    """The views above the list."""
    page = desk.get("/desk?view=all").text
    nav = re.search(r'<nav aria-label="保存した表示".*?</nav>', page, re.DOTALL)
    assert nav
    return re.findall(r"data-whole-page[^>]*>(?:<svg.*?</svg>)([^<]+)</a>", nav[0])[: len(ids())]


def ids() -> dict[str, int]:
    with city_session(CITY) as session:
        return dict(session.execute(text("SELECT name, id FROM case_view ORDER BY position")).all())


def test_a_view_brings_back_filter_map_and_layers_without_what_was_looked_for(office: Office) -> None:
    query = "procedure=road-damage&status=new&q=試験&at=16.5/35.66950/139.39550&layers=collection-zones:0.35,city-roads&base=none"
    page = office.roads.get(f"/desk/views/new?{query}").text
    assert "地図の場所と下地、重ねた層も保存します" in page
    assert "さがした言葉は、人の名前かもしれないので、保存しません" in page
    address = keep(office.roads, "新しい損傷", query)
    assert address.startswith("/desk?")
    assert "q=" not in address and "試験" not in address
    assert "at=16.5/35.66950/139.39550" in address
    shown = office.roads.get(address).text
    assert re.search(r'id="layer-collection-zones"[^>]*checked', shown)
    assert 'data-shown="collection-zones:0.35,city-roads"' in shown, "in their order, and as faint as they were"
    assert re.search(r'value="none" checked', shown)
    assert "新しい損傷" in shown
    assert re.search(r'href="[^"]*"[^>]*aria-current="true">(?:<svg.*?</svg>)新しい損傷', shown)
    assert "新しい損傷" not in office.second.get("/desk").text, "it is one person's own"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "名前を入力してください"),
        (" 　\u200b", "名前を入力してください"),
        ("あ" * 41, "名前は40文字までにしてください"),
        ("毎朝", "同じ名前の表示があります"),
    ],
)
def test_a_name_that_cannot_be_used_is_said_and_kept_in_its_field(office: Office, name: str, sentence: str) -> None:
    keep(office.roads, "毎朝")
    refused = office.roads.submit("/desk/views/new?status=new", name=name, owner="mine")
    assert refused.status_code == 422
    assert sentence in refused.text
    renamed = office.roads.post(
        f"/desk/views/{ids()['毎朝']}", {"act": "rename", "name": "" if name == "毎朝" else name}
    )
    assert renamed.status_code == 422
    assert list(ids()) == ["毎朝"]


def test_views_are_renamed_put_in_order_and_deleted(office: Office) -> None:
    for name in ("一", "二", "三"):
        keep(office.roads, name)
    number = ids()
    office.roads.get("/desk/views")
    for act, name, order in (
        ("up", "三", ["一", "三", "二"]),
        ("up", "一", ["一", "三", "二"]),
        ("down", "一", ["三", "一", "二"]),
        ("down", "二", ["三", "一", "二"]),
    ):
        assert office.roads.post(f"/desk/views/{number[name]}", {"act": act}).status_code == 303
        assert bar(office.roads) == order
    office.roads.post(f"/desk/views/{number['三']}", {"act": "rename", "name": "三番"})
    assert bar(office.roads)[0] == "三番"
    assert "「三番」を消しますか" in office.roads.get(f"/desk/views/{number['三']}/delete").text
    assert list(ids()) == ["三番", "一", "二"], "asking deletes nothing"
    assert office.roads.post(f"/desk/views/{number['三']}/delete").status_code == 303
    assert bar(office.roads) == ["一", "二"]
    assert office.roads.post(f"/desk/views/{number['三']}/delete").status_code == 404
    assert office.roads.get(f"/desk/views/{number['三']}/delete").status_code == 404


def test_one_view_is_what_somebody_begins_with(office: Office) -> None:
    keep(office.roads, "損傷")
    number = ids()["損傷"]
    assert office.roads.get("/desk").status_code == 200
    office.roads.get("/desk/views")
    office.roads.post(f"/desk/views/{number}", {"act": "begin"})
    begun = office.roads.get("/desk")
    assert begun.status_code == 302
    assert "procedure=road-damage" in begun.location
    assert office.roads.get("/desk?view=all").status_code == 200, "everything can still be seen"
    assert office.roads.get("/desk", HX_Request="true", HX_Target="pane").status_code == 200
    assert office.second.get("/desk").status_code == 200
    office.roads.post(f"/desk/views/{number}", {"act": "end"})
    assert office.roads.get("/desk").status_code == 200
    office.roads.post(f"/desk/views/{number}", {"act": "begin"})
    office.roads.post(f"/desk/views/{number}/delete")
    assert office.roads.get("/desk").status_code == 200


def test_a_view_without_a_filter_can_be_begun_with(office: Office) -> None:
    address = keep(office.roads, "全部", "")
    assert "?view=all" in address
    office.roads.post(f"/desk/views/{ids()['全部']}", {"act": "begin"})
    begun = office.roads.get("/desk")
    assert office.roads.get(begun.location).status_code == 200


def test_views_of_a_department_are_for_all_its_staff_and_kept_by_who_may(office: Office) -> None:
    owner = department(office.roads.get("/desk/views/new").text)
    keep(office.roads, "課の毎朝", owner=owner)
    number = ids()["課の毎朝"]
    assert "課の毎朝" in office.clerk.get("/desk").text
    assert "課の毎朝" not in office.citizens.get("/desk").text
    assert '<option value="' + owner not in office.clerk.get("/desk/views/new").text
    refused = office.clerk.submit("/desk/views/new", name="勝手な表示", owner=owner)
    assert refused.status_code == 403
    for act in ("rename", "up", "down"):
        assert office.clerk.post(f"/desk/views/{number}", {"act": act, "name": "別"}).status_code == 403
        assert office.citizens.post(f"/desk/views/{number}", {"act": act, "name": "別"}).status_code == 404
    assert office.clerk.post(f"/desk/views/{number}/delete").status_code == 403
    assert office.citizens.post(f"/desk/views/{number}/delete").status_code == 404
    assert office.citizens.post(f"/desk/views/{number}", {"act": "begin"}).status_code == 404
    assert office.clerk.post(f"/desk/views/{number}", {"act": "begin"}).status_code == 303
    assert office.clerk.get("/desk").status_code == 302
    assert office.second.post(f"/desk/views/{number}", {"act": "rename", "name": "課の朝"}).status_code == 303
    assert "課の朝" in office.clerk.get("/desk?view=all").text
    for owner in ("999999999", "x", "9" * 30):
        office.roads.get("/desk/views/new")
        assert office.roads.post("/desk/views/new", {"name": "よその課", "owner": owner}).status_code == 403


def test_others_views_cannot_be_touched(office: Office) -> None:
    keep(office.roads, "わたしの")
    number = ids()["わたしの"]
    office.second.get("/desk")
    for act in ("rename", "up", "begin"):
        assert office.second.post(f"/desk/views/{number}", {"act": act, "name": "取った"}).status_code == 404
    assert office.second.post(f"/desk/views/{number}/delete").status_code == 404
    assert office.roads.post(f"/desk/views/{number}", {"act": "nonsense"}).status_code == 422
    assert list(ids()) == ["わたしの"]


def test_a_view_that_names_what_is_gone_still_opens_and_says_so(office: Office) -> None:
    address = keep(
        office.roads,
        "古い",
        "procedure=road-damage&procedure=no-such&near=feature:gone-layer:3:0&layers=gone-layer&at=x",
    )
    assert "at=" not in address
    page = html.unescape(office.roads.get(address).text)
    assert "条件の手続き「no-such」は、いま受け付けている手続きの中にありません" in page
    assert "選んだ地図の層は、なくなったか、見ることができません" in page
    assert "重ねる地図の「gone-layer」は、なくなったか、見ることができません" in page
    assert "data-case-id" in page


def test_there_are_not_more_views_than_a_list_can_hold(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_views, "MAX_VIEWS", 9)
    for number in range(9):
        keep(office.roads, f"表示{number}")
    assert "ほか1件" in office.roads.get("/desk").text
    refused = office.roads.submit("/desk/views/new", name="もう1つ", owner="mine")
    assert refused.status_code == 422
    assert "保存できるのは9件まで" in refused.text


def test_two_people_who_put_views_in_order_leave_one_order(office: Office) -> None:
    owner = department(office.roads.get("/desk/views/new").text)
    for name in ("一", "二", "三", "四"):
        keep(office.roads, name, owner=owner)
    number = ids()
    office.second.get("/desk/views")
    office.roads.get("/desk/views")
    steps = [(office.roads.copy(), "四", "up"), (office.second.copy(), "一", "down")]
    threads = [
        threading.Thread(target=desk.post, args=(f"/desk/views/{number[name]}", {"act": act}))
        for desk, name, act in steps
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with city_session(CITY) as session:
        positions = session.scalars(text("SELECT position FROM case_view ORDER BY position")).all()
    assert positions == [1, 2, 3, 4]


def test_nobody_has_views_at_first(office: Office) -> None:
    assert "まだありません" in office.roads.get("/desk/views").text

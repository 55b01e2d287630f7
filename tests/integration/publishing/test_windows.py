"""The windows of the first page: arranged by an administrator, seen by residents at once, and brought back from an earlier state."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import delete, select

from forms.catalogue.windows import shipped_windows
from portal.core.database import city_session
from portal.core.events import Event
from portal.procedures.window_models import WindowsState
from tests.integration.publishing.conftest import CITY, Makers
from tests.kit.browser import Browser

PETS = {
    "new": "1",
    "seen": "0",
    "key": "pets",
    "title_ja": "ペット",
    "title_en": "Pets",
    "examples_ja": "犬の登録、迷子",
    "picture": "home",
    "life_events": ["everyday"],
    "known_no": ["moving", "birth"],
    "words": "わんちゃん、ねこ\nハムスター",
}


@pytest.fixture
def windows(makers: Makers) -> Iterator[Makers]:
    yield makers
    with city_session(CITY) as session:
        session.execute(delete(WindowsState))


def titles(browser: Browser) -> list[str]:
    """The windows of the first page, which are those that lead to something."""
    return re.findall(r'<span class="window__body"><b>([^<]+)', browser.get("/").text)


def test_a_new_window_stands_last_and_leads_to_its_procedures(windows: Makers) -> None:
    before = titles(windows.resident)
    assert windows.editor.post("/desk/windows", PETS).status_code == 303
    assert titles(windows.resident) == [*before, "ペット"]
    assert "/life/pets" in windows.resident.get("/procedures?q=ハムスターがいなくなった").text
    page = windows.resident.get("/life/pets").text
    assert f"{len(shipped_windows()) + 1}番の窓口" in page
    listed = windows.editor.get("/desk/windows").text
    assert "ペット」を加えました" in listed
    with city_session(CITY) as session:
        changes = session.scalars(select(Event).where(Event.name == "windows.changed").order_by(Event.id))
        assert [event.data["number"] for event in changes][-1:] == [1]


def test_readers_of_other_languages_see_its_title_in_theirs(windows: Makers) -> None:
    windows.editor.post("/desk/windows", PETS)
    for language, title in (("en", "Pets"), ("zh", "ペット")):
        page = windows.resident.get(f"/?lang={language}").text
        assert re.search(rf"<b>(<[^>]+>)?{title}", page)
    windows.resident.get("/?lang=ja")


def test_windows_change_places_and_an_earlier_state_comes_back(windows: Makers) -> None:
    first, second, third = titles(windows.resident)
    admin = windows.editor
    assert admin.post("/desk/windows/move", {"key": "road", "by": "-1", "seen": "0"}).status_code == 303
    assert titles(windows.resident) == [first, third, second]
    assert admin.post("/desk/windows/remove", {"key": "home", "seen": "1"}).status_code == 303
    assert titles(windows.resident) == [first, third]
    assert windows.resident.get("/life/home").status_code == 404
    assert admin.post("/desk/windows/restore", {"number": "1", "seen": "2"}).status_code == 303
    assert titles(windows.resident) == [first, third, second]
    assert admin.post("/desk/windows/restore", {"number": "0", "seen": "3"}).status_code == 303
    assert titles(windows.resident) == [first, second, third]


def test_whoever_saw_an_older_state_is_told_and_keeps_what_was_written(windows: Makers) -> None:
    windows.editor.post("/desk/windows/move", {"key": "moving", "by": "1", "seen": "0"})
    page = windows.editor.post("/desk/windows", PETS)
    assert page.status_code == 409
    assert "ほかの職員が、窓口を先に変えました" in page.text
    assert 'value="犬の登録、迷子"' in page.text
    seen = re.search(r'name="seen" value="(\d+)"', page.text)
    assert seen is not None
    assert windows.editor.post("/desk/windows", PETS | {"seen": seen[1]}).status_code == 303
    assert windows.editor.post("/desk/windows/remove", {"key": "pets", "seen": "1"}).status_code == 409


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"key": "moving"}, "このキーの窓口は、もうあります"),
        ({"key": "Pets!"}, "半角の小文字・数字・ハイフン"),
        ({"title_ja": ""}, "題名を入力してください"),
        ({"picture": "castle"}, "選び直してください"),
        ({"life_events": []}, "場面か種類を、1つ以上選んでください"),
        ({"known_yes": ["moving"]}, "どちらかにしてください"),
        ({"words": "あ" * 61}, "言葉は1つ60字まで"),
    ],
)
def test_a_window_that_cannot_be_is_refused_beside_its_field(
    windows: Makers, change: dict[str, object], sentence: str
) -> None:
    page = windows.editor.post("/desk/windows", PETS | change)
    assert page.status_code == 422
    assert sentence in page.text
    with city_session(CITY) as session:
        assert session.scalar(select(WindowsState)) is None


def test_a_plan_begins_with_what_its_window_knows(windows: Makers) -> None:
    resident = windows.resident
    resident.get("/life/home")
    resident.post("/plan/begin/home", {})
    assert 'value="has_dog"' in resident.get("/plan/question").text
    edited = windows.editor.get("/desk/windows/edit/home").text
    assert re.search(r'name="known_no" value="birth"[^>]* checked', edited)
    change = PETS | {"new": "", "key": "home", "known_yes": ["has_dog"]}
    assert windows.editor.post("/desk/windows", change).status_code == 303
    resident.post("/plan/begin/home", {})
    assert 'value="has_dog"' not in resident.get("/plan/question").text


def test_a_plan_whose_window_was_removed_is_told_so(windows: Makers) -> None:
    windows.resident.get("/life/moving")
    windows.resident.post("/plan/begin/moving", {})
    windows.editor.post("/desk/windows/remove", {"key": "moving", "seen": "0"})
    assert windows.resident.get("/plan").status_code == 404

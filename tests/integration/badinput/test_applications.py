"""Applications that no browser would send: each gets a plain Japanese message, what was typed stays, and nothing breaks."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from forms import load
from portal.cases.models import Case, Draft
from portal.core.database import city_session
from tests.integration.badinput.conftest import CITY, answers_of, draft_of
from tests.kit.answers import DOG, damage, occupancy, posted
from tests.kit.browser import Browser, agreement
from tests.kit.catalogue import catalogue

OWNER = "/apply/d/{}/owner"


def owner_form(**changed: Any) -> dict[str, Any]:
    """The first page of a dog's registration, with some of its boxes changed."""
    definition = load(catalogue()["dog-registration"])
    return posted(definition, "owner", DOG) | changed


@pytest.mark.parametrize(
    ("box", "value", "shown"),
    [
        ("phone", "でんわ", "でんわ"),
        ("phone", "０９０\x00１２", None),
        ("name.family", "", ""),
        ("kana.family", "佐藤", "佐藤"),
        ("address.postal_code", "〒191-00", "〒191-00"),
        ("name.family", "佐" * 5000, None),
    ],
)
def test_a_field_that_must_be_corrected_says_so_and_keeps_what_was_typed(
    resident: Browser, box: str, value: str, shown: str | None
) -> None:
    page = resident.post(OWNER.format(draft_of("dog-registration")), owner_form(**{box: value}))
    assert page.status_code == 422
    assert f'href="#{box}"' in page.text
    assert 'class="err' in page.text
    assert 'value="美咲"' in page.text
    if shown:
        assert f'value="{shown}"' in page.text


def test_half_width_kana_is_understood(resident: Browser) -> None:
    draft = draft_of("dog-registration")
    answer = resident.post(OWNER.format(draft), owner_form(**{"kana.family": "ｻﾄｳ", "kana.given": "ﾐｻｷ"}))
    assert answer.status_code == 303, answer.text
    assert answers_of(draft)["kana"] == {"family": "サトウ", "given": "ミサキ"}


@pytest.mark.parametrize(
    "day",
    [
        "昭和65年1月8日",
        "2026年2月30日",
        "2月30日",
        "2026-02-30",
        "0-0-0",
        "9" * 30 + "-1-1",
        "-5/1e3/ＸＸ",
        "\x00",
        "令和元年13月1日",
        "S99.9.9",
    ],
)
def test_a_day_that_does_not_exist(resident: Browser, day: str) -> None:
    form = posted(load(catalogue()["dog-registration"]), "dog", DOG) | {"dog_birthday": day}
    answer = resident.post(f"/apply/d/{draft_of('dog-registration')}/dog", form)
    assert answer.status_code == 422
    assert 'href="#dog_birthday"' in answer.text
    assert day.isprintable() is False or f'value="{day}"' in answer.text
    assert 'value="柴犬"' in answer.text


def test_a_day_that_exists_is_understood_however_it_is_written(resident: Browser) -> None:
    for day in ("令和6年5月10日", "2024/5/10", "２０２４年５月１０日", "R6.5.10", "20240510"):
        draft = draft_of("dog-registration")
        form = posted(load(catalogue()["dog-registration"]), "dog", DOG) | {"dog_birthday": day}
        assert resident.post(f"/apply/d/{draft}/dog", form).status_code == 303, day
        assert answers_of(draft)["dog_birthday"] == "2024-05-10"


def test_ten_megabytes_of_text_and_a_thousand_boxes(resident: Browser) -> None:
    address = OWNER.format(draft_of("dog-registration"))
    long = resident.post(address, owner_form(**{"name.family": "あ" * 3_500_000}))
    assert long.status_code in {413, 422}
    assert "<html" in long.text
    many = resident.post(address, owner_form(**{f"no_such_{n}": "x" for n in range(900)}))
    assert many.status_code == 303
    too_many = resident.post(address, owner_form(**{f"no_such_{n}": "x" for n in range(3000)}))
    assert too_many.status_code in {303, 413}
    assert too_many.status_code == 303 or "<html" in too_many.text


@pytest.mark.parametrize(
    "name",
    [
        "items.999999.kind",
        "items.-1.kind",
        "items.0.kind.kind.kind",
        "items..kind",
        ".",
        "items.9" + "9" * 400,
        "a." * 2000,
    ],
)
@pytest.mark.parametrize("action", ["", "/live", "/autosave"])
def test_deep_and_impossible_names_of_boxes(resident: Browser, name: str, action: str) -> None:
    step = next(s.id for s in load(catalogue()["bulky-waste"]).steps if any(f.id == "items" for f in s.fields))
    address = f"/apply/d/{draft_of('bulky-waste')}/{step}{action}"
    answer = resident.post(address, {name: "sofa"})
    assert answer.status_code in {200, 422}
    assert len(answer.data) < 600_000
    for button in ("add-row", "remove-row"):
        assert resident.post(address, {button: name}).status_code < 500


GEOMETRIES = {
    "no json": "{",
    "a list": "[]",
    "null": "null",
    "nan": '{"type":"Polygon","coordinates":[[[NaN,35.6],[139.4,35.6],[139.4,35.7],[NaN,35.6]]]}',
    "infinite": '{"type":"Polygon","coordinates":[[[1e999,35.6],[139.4,35.6],[139.4,35.7],[1e999,35.6]]]}',
    "huge": '{"type":"Polygon","coordinates":[[[1e300,1e300],[139.4,35.6],[139.4,35.7],[1e300,1e300]]]}',
    "a point": '{"type":"Point","coordinates":[139.395,35.671]}',
    "a line": '{"type":"LineString","coordinates":[[139.395,35.671],[139.396,35.671]]}',
    "a collection": '{"type":"GeometryCollection","geometries":[]}',
    "empty": '{"type":"Polygon","coordinates":[]}',
    "empty ring": '{"type":"Polygon","coordinates":[[]]}',
    "two corners": '{"type":"Polygon","coordinates":[[[139.395,35.671],[139.396,35.671],[139.395,35.671]]]}',
    "open ring": '{"type":"Polygon","coordinates":[[[139.395,35.671],[139.396,35.671],[139.396,35.672],[139.395,35.672]]]}',
    "latitude first": '{"type":"Polygon","coordinates":[[[35.671,139.395],[35.671,139.396],[35.672,139.396],[35.671,139.395]]]}',
    "words": '{"type":"Polygon","coordinates":[[["a","b"],["c","d"],["e","f"],["a","b"]]]}',
    "lone surrogates": '{"type":"Poly\\ud800gon","coordinates":[[[139.395,35.671],[139.396,35.671],[139.396,35.672],[139.395,35.671]]]}',
    "an unknown kind": '{"type":"\\u0000","coordinates":[]}',
    "deep": '{"type":"Polygon","coordinates":' + "[" * 900 + "]" * 900 + "}",
    "deeper": '{"type":"Polygon","coordinates":' + "[" * 30_000 + "]" * 30_000 + "}",
    "great numbers": '{"type":"Polygon","coordinates":[[[' + "9" * 5000 + ",35.6],[139.4,35.6],[139.4,35.7],[139.4,35.6]]]}",
    "bow tie": '{"type":"Polygon","coordinates":[[[139.395,35.671],[139.396,35.672],[139.396,35.671],[139.395,35.672],[139.395,35.671]]]}',
    "600 corners": json.dumps(
        {"type": "Polygon", "coordinates": [[*([139.395 + n * 1e-7, 35.671 + (n % 2) * 1e-6] for n in range(600)), [139.395, 35.671]]]}
    ),
    "a hole of a world": '{"type":"Polygon","coordinates":[[[-180,-90],[180,-90],[180,90],[-180,90],[-180,-90]]]}',
    "the other city": '{"type":"Polygon","coordinates":[[[139.5606,35.7027],[139.5607,35.7027],[139.5607,35.7028],[139.5606,35.7027]]]}',
    "another type": '{"type":{"type":"Polygon"},"coordinates":{"0":1}}',
}  # fmt: skip


@pytest.mark.parametrize("geometry", GEOMETRIES.values(), ids=GEOMETRIES.keys())
def test_an_invalid_place(resident: Browser, geometry: str) -> None:
    address = f"/apply/d/{draft_of('road-occupancy')}/place"
    answer = resident.post(address, {"area.geometry": geometry, "area.source": "drawn"})
    assert answer.status_code == 422
    assert 'href="#area' in answer.text
    for action in ("/live", "/autosave"):
        assert resident.post(address + action, {"area.geometry": geometry}).status_code == 200


def test_a_place_typed_as_text_that_is_no_coordinates(resident: Browser) -> None:
    address = f"/apply/d/{draft_of('road-occupancy')}/place"
    for text in (
        "NaN NaN",
        "1e999,1e999",
        "139.4",
        "\x00",
        "𠮷野家の前",
        "35.671,139.395;" * 5000,
        "-0,-0",
        "٣٥٫٦ ١٣٩",
    ):
        answer = resident.post(address, {"area.text": text, "area.source": "text"})
        assert answer.status_code == 422, text
        assert "<html" in answer.text


def test_pages_cannot_be_stepped_over(resident: Browser) -> None:
    draft = draft_of("dog-registration")
    assert resident.post(f"/apply/d/{draft}/vaccination", {"vaccinated": "no"}).status_code in {200, 303, 422}
    review = resident.get(f"/apply/d/{draft}/review")
    assert review.status_code == 200
    answer = resident.post(f"/apply/d/{draft}/review", {"agreed": "1"})
    assert answer.status_code == 422
    assert f"/apply/d/{draft}/owner?to-review=1#" in answer.text
    with city_session(CITY) as session:
        assert session.scalar(select(Draft.case_id).where(Draft.public_id == draft)) is None


def test_what_no_question_asks_is_never_kept(resident: Browser) -> None:
    draft = draft_of("dog-registration")
    extra = {"fee": "0", "state": "approved", "account_id": "1", "facts.area": "1", "vaccinated": "yes", "_done": "1"}
    assert resident.post(OWNER.format(draft), owner_form(**extra)).status_code == 303
    assert not set(answers_of(draft)) & set(extra)


def test_sending_twice_makes_one_case(resident: Browser) -> None:
    draft = draft_of("road-damage", damage(CITY, "二度"))
    address = f"/apply/d/{draft}/review"
    first = resident.agree(address)
    again = resident.post(address, {"agreed": "1"})
    assert first.status_code == again.status_code == 303
    assert first.location == again.location
    late = resident.post(f"/apply/d/{draft}/what", {"details": "あとから"})
    assert late.status_code == 303
    assert resident.post(f"/apply/d/{draft}/what/autosave", {"details": "あとから"}).status_code == 409
    assert resident.post(f"/drafts/{draft}/discard").status_code == 409


def test_sending_at_the_same_moment_makes_one_case(app: Flask, resident: Browser) -> None:
    draft = draft_of("road-damage", damage(CITY, "同時"))
    address = f"/apply/d/{draft}/review"
    agreed = agreement(resident.get(address).text)
    hands = []
    for _hand in range(4):
        hand = Browser(app, CITY, resident.address)
        hand.cookie = resident.cookie
        hand.token = resident.token
        hands.append(hand)
    with city_session(CITY) as session:
        before = session.scalar(select(func.count()).select_from(Case))
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda hand: hand.post(address, agreed), hands))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    with city_session(CITY) as session:
        assert session.scalar(select(func.count()).select_from(Case)) == (before or 0) + 1


def test_two_who_want_the_same_road_at_the_same_moment(app: Flask, resident: Browser) -> None:
    first, second = (draft_of("road-occupancy", occupancy(8)) for _ in range(2))
    answers = [resident.agree(f"/apply/d/{draft}/review").status_code for draft in (first, second)]
    assert answers[0] == 303
    assert answers[1] in {303, 422}  # a permit that is not granted yet blocks nobody


def test_a_draft_goes_on_with_its_own_version_when_the_procedure_changes(resident: Browser) -> None:
    from portal.procedures import actions, queries

    draft = draft_of("road-damage", damage(CITY, "旧版"))
    with city_session(CITY) as session:
        procedure = queries.procedure(session, "road-damage")
        source = catalogue()["road-damage"].replace("ja: くわしいようす", "ja: もっとくわしいようす")
        actions.save_draft(session, procedure, source, None)
        actions.publish(session, procedure, None)
    assert "もっとくわしい" not in resident.get(f"/apply/d/{draft}/what").text
    assert resident.agree(f"/apply/d/{draft}/review").status_code == 303
    assert "もっとくわしい" in resident.get(f"/apply/d/{draft_of('road-damage')}/what").text

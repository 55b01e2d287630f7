"""A corrected case at the desk: the original answer is shown beside the corrected one, question by question and on the map."""

import html
import io
import json
import re

from portal.cases.answers import open_answers
from portal.cases.corrections import answer_correction
from portal.cases.moves import MoveInputs, apply_transition
from portal.core.database import city_session
from portal.core.events import Actor
from portal.files import Upload, inspect_upload, reference, store_with_case
from portal.procedures.definitions import definition_of
from tests.integration.desk.conftest import CITY, Office
from tests.kit.answers import occupancy, unshared_occupancy
from tests.kit.city import begin, send
from tests.kit.pictures import photo


def test_both_answers_and_both_places_are_seen(office: Office) -> None:
    first = occupancy(33, start=300)
    with city_session(CITY) as session:
        case = send(session, begin(session, "road-occupancy", first))
        asks = MoveInputs(note="場所と目的を確かめてください。", fields=("area", "purpose"))
        apply_transition(
            session, case.id, "request_correction", Actor("staff", office.roads_id), roles=("clerk",), inputs=asks
        )
        definition = definition_of(session, case.version_id)
        original = open_answers(CITY, case.answers)
        moved = original | {"area": occupancy(34)["area"], "purpose": "屋根の塗り替え工事のため"}
        answer_correction(session, case, definition, moved, Actor("applicant"))
        case_id = case.id
    page = html.unescape(office.roads.get(f"/desk/cases/{case_id}").text)
    assert re.search(
        r"屋根の塗り替え工事のため.*<del>外壁の塗り替え工事のため</del> \(\d+月\d+日.{,12}の補正まで\)", page, re.DOTALL
    )
    assert re.search(r"補正の前</dt><dd>[\d.]+ m² \(", page)
    shapes = json.loads(re.search(r"data-map-place='([^']+)'", page)[1])
    assert [shape["properties"]["role"] for shape in shapes["features"]] == ["place", "former"]
    assert shapes["features"][1]["geometry"] == first["area"]["geometry"]


def test_a_drawing_that_was_replaced_is_told_from_the_one_that_counts(office: Office) -> None:
    with city_session(CITY) as session:
        case = send(session, begin(session, "road-occupancy", unshared_occupancy()))
        asks = MoveInputs(note="図面を直してください。", fields=("plans",))
        apply_transition(
            session, case.id, "request_correction", Actor("staff", office.roads_id), roles=("clerk",), inputs=asks
        )
        accepted = inspect_upload("plans", Upload("直した図.png", io.BytesIO(photo("PNG"))))
        stored = store_with_case(session, case.id, "plans", accepted)
        definition = definition_of(session, case.version_id)
        answers = open_answers(CITY, case.answers) | {"plans": [reference(stored)]}
        answer_correction(session, case, definition, answers, Actor("applicant"))
        case_id = case.id
    listed = re.findall(
        r'<div class="file .*?</div>', office.roads.get(f"/desk/cases/{case_id}?tab=files").text, re.DOTALL
    )
    assert ["直した図.png" in file for file in listed] == [True, False]
    assert ["補正の前" in file for file in listed] == [False, True]
    assert all("平面図・断面図" in file for file in listed)

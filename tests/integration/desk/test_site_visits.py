"""Site visits: listed for the inspector, taken along, sent once with photos and where they were taken; what comes too late is kept as a note."""

import html
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from portal.cases.models import Case, CaseStageForm
from portal.cases.moves import apply_transition
from portal.cases.notes import notes_of
from portal.core.database import city_session
from portal.core.events import Actor
from portal.files import capture_of, files_of_case
from portal.files.models import StoredFile
from tests.integration.desk.conftest import CITY, Office
from tests.kit.answers import unshared_occupancy
from tests.kit.browser import Browser
from tests.kit.city import begin, hire, send
from tests.kit.pictures import photo

CHECKED = {
    "width_kept": "yes",
    "footway_kept": "no",
    "footway_width": "1.2",
    "blocks_clear": "clear",
    "safety_possible": "yes",
}
JSON = {"Accept": "application/json"}


@dataclass
class Site:
    """An inspector with a phone, a colleague with another, and a case that waits for both."""

    inspector: Browser
    inspector_id: int
    colleague: Browser
    colleague_id: int
    case: int

    @property
    def path(self) -> str:
        return f"/desk/visits/{self.case}/stages/site_check"

    def take_along(self) -> dict[str, Any]:
        answer = self.inspector.get(self.path, **JSON)
        assert answer.status_code == 200
        kept: dict[str, Any] = answer.json
        return kept

    def send(self, what: str, key: str, fields: dict[str, Any], who: Browser | None = None) -> TestResponse:
        desk = who or self.inspector
        desk.get("/desk/visits")
        kept_for = self.colleague_id if who is self.colleague else self.inspector_id
        return desk.post(f"{self.path}/{what}", {"kept-for": str(kept_for), "sent-key": key, **fields}, **JSON)

    def send_photo(self, key: str, what: str = "photos", colour: int = 0, **more: str) -> TestResponse:
        content = photo(size=(40 + colour, 30))
        return self.send(f"{what}/photos", key, {"upload": (io.BytesIO(content), "現地.jpg"), **more})


def _walk(case_id: int, *moves: str) -> None:
    with city_session(CITY) as session:
        for name in moves:
            apply_transition(session, case_id, name, Actor("system"), roles=("clerk", "decider", "inspector"))


@pytest.fixture(scope="module")
def phones(app: Flask, office: Office) -> list[tuple[Browser, int]]:
    """Two inspectors of the roads office."""
    people = []
    for number, name in enumerate(("visitor", "visiting-colleague"), 60):
        staff = hire(CITY, f"{name}@example.jp", {"road-management": ("inspector",)})
        people.append((Browser(app, CITY, f"192.0.2.{number}").sign_in_at_desk(f"{name}@example.jp"), staff))
    return people


@pytest.fixture
def site(phones: list[tuple[Browser, int]]) -> Iterator[Site]:
    """A case of its own that stands at its site check."""
    with city_session(CITY) as session:
        case_id = send(session, begin(session, "road-occupancy", unshared_occupancy())).id
    _walk(case_id, "accept", "begin_site_check")
    (inspector, inspector_id), (colleague, colleague_id) = phones
    yield Site(inspector, inspector_id, colleague, colleague_id, case_id)


def state_of(case_id: int) -> str:
    with city_session(CITY) as session:
        return session.get_one(Case, case_id).state


def forms_of(case_id: int) -> list[CaseStageForm]:
    with city_session(CITY) as session:
        query = select(CaseStageForm).where(CaseStageForm.case_id == case_id).order_by(CaseStageForm.id)
        return list(session.scalars(query))


def test_the_list_has_what_waits_for_an_inspector_and_leaves_with_it(office: Office, site: Site) -> None:
    page = site.inspector.get("/desk/visits").text
    assert f'data-case="{site.case}" data-stage="site_check"' in page
    assert 'data-lon="139.' in page
    assert site.inspector.get(f"/desk/visits/{site.case}/picture").mimetype == "image/svg+xml"
    assert f'data-case="{site.case}"' not in office.clerk.get("/desk/visits").text
    assert office.citizens.get(f"/desk/visits/{site.case}/picture").status_code == 404
    kept = site.take_along()
    assert site.send("answers", "a" * 32, {**CHECKED, "case-seen": kept["seen"]}).json == {"done": True}
    assert f'data-case="{site.case}"' not in site.inspector.get("/desk/visits").text


def test_a_phone_takes_along_the_site_and_nobodys_address(site: Site) -> None:
    kept = site.take_along()
    assert "外壁の塗り替え工事のため" in kept["html"]
    assert "幅は、図面のとおりに収まりますか" in kept["html"]
    with city_session(CITY) as session:
        name = session.get_one(Case, site.case).applicant_name
    assert name not in kept["html"]
    assert "090-1234-5678" not in kept["html"]
    history = site.inspector.get(f"/desk/cases/{site.case}?tab=history").text
    assert history
    with city_session(CITY) as session:
        look = text(
            "SELECT count(*) FROM event WHERE name = 'case.viewed' AND subject_id = :case AND actor_id = :staff"
        )
        assert session.scalar(look, {"case": site.case, "staff": site.inspector_id}) == 1


def test_photos_and_answers_arrive_once_however_often_they_are_sent(site: Site) -> None:
    seen = site.take_along()["seen"]
    where = {"lon": "139.4134", "lat": "35.69841", "position-from": "photo", "taken-at": "2026-12-01T01:20:30Z"}
    first = site.send_photo("p" * 32, **where)
    again = site.send_photo("p" * 32, **where)
    assert first.status_code == again.status_code == 200
    assert first.json == again.json
    assert site.send_photo("q" * 32, colour=1, lon="500", lat="35").status_code == 200
    for _press in range(2):
        answer = site.send("answers", "b" * 32, {**CHECKED, "case-seen": seen})
        assert (answer.status_code, answer.json) == (200, {"done": True})
    assert state_of(site.case) == "site_check_done"
    [filled] = forms_of(site.case)
    assert len(filled.answers["photos"]) == 2
    with city_session(CITY) as session:
        taken = [capture_of(file) for file in files_of_case(session, site.case) if file.field == "site_check/photos"]
        raw = session.scalars(
            text("SELECT taken FROM stored_file WHERE case_id = :case AND taken IS NOT NULL"), {"case": site.case}
        )
        assert all("139.4134" not in value for value in raw)
    assert taken[0] is not None
    assert (taken[0].lon, taken[0].lat, taken[0].source) == (139.4134, 35.69841, "photo")
    assert taken[1] is None, "a place that cannot be is left out"
    tab = site.inspector.get(f"/desk/cases/{site.case}?tab=files").text
    assert "位置 北緯35.69841° 東経139.4134°(写真の記録)" in tab
    assert "現地確認 現地の写真" in tab


def test_what_has_to_be_corrected_is_named_and_passes_nothing(site: Site) -> None:
    seen = site.take_along()["seen"]
    wrong = site.send("answers", "c" * 32, {**CHECKED, "width_kept": "", "footway_width": "広い", "case-seen": seen})
    assert wrong.status_code == 422
    sentences = [fault["sentence"] for fault in wrong.json["faults"]]
    assert sentences[0].startswith("占用の幅は、図面のとおりに収まりますか: ")
    assert sentences[1].startswith("残る通路の幅: ")
    assert (state_of(site.case), forms_of(site.case)) == ("site_check", [])


def test_what_changed_meanwhile_is_told_and_can_be_sent_with_that(office: Office, site: Site) -> None:
    seen = site.take_along()["seen"]
    case = f"/desk/cases/{site.case}"
    office.roads.get(case)
    with city_session(CITY) as session:
        session.get_one(Case, site.case).advance()
    stale = site.send("answers", "d" * 32, {**CHECKED, "case-seen": seen})
    assert stale.status_code == 409
    assert "先にほかの人が処理しました" in stale.json["message"]
    assert forms_of(site.case) == []
    assert site.send("answers", "d" * 32, {**CHECKED, "case-seen": stale.json["seen"]}).status_code == 200


def test_answers_for_a_case_that_a_colleague_finished_become_a_note(site: Site) -> None:
    seen = site.take_along()["seen"]
    assert site.send_photo("e" * 32).status_code == 200
    done = site.send("answers", "f" * 32, {**CHECKED, "case-seen": seen}, site.colleague)
    assert done.status_code == 200
    late = site.send("answers", "g" * 32, {**CHECKED, "remark": "側溝が割れている", "case-seen": seen})
    assert (late.status_code, late.json["seen"]) == (409, None)
    assert "試験 職員さんが、" in late.json["message"]
    assert site.send_photo("h" * 32, colour=2).status_code == 409
    for _press in range(2):
        assert site.send_photo("h" * 32, "late-photos", colour=2).status_code == 200
        note = site.send("note", "g" * 32, {**CHECKED, "footway_width": "ひろい", "remark": "側溝が割れている"})
        assert note.status_code == 200
    with city_session(CITY) as session:
        [kept] = notes_of(session, site.case)
        photos = [file for file in files_of_case(session, site.case) if file.field == "site_check/photos"]
    assert "側溝が割れている" in kept.body
    assert "残る通路の幅: ひろい" in kept.body, "what cannot be read is kept as it was typed"
    assert len(photos) == 2
    assert len(forms_of(site.case)) == 1


def test_a_case_that_was_withdrawn_meanwhile_says_so(site: Site) -> None:
    seen = site.take_along()["seen"]
    assert site.send_photo("i" * 32).status_code == 200
    with city_session(CITY) as session:
        apply_transition(session, site.case, "withdraw", Actor("applicant"), roles=("applicant",))
    late = site.send("answers", "j" * 32, {**CHECKED, "case-seen": seen})
    assert late.status_code == 409
    assert "この案件は、もう「" in late.json["message"]
    assert site.send("note", "j" * 32, {**CHECKED, "photo-key": ["i" * 32]}).status_code == 200
    with city_session(CITY) as session:
        waiting = session.scalars(select(StoredFile).where(StoredFile.sent_key == "i" * 32)).one()
        assert waiting.case_id == site.case, "a photo that had arrived goes to the case with the note"


def test_nobody_sends_what_a_colleague_wrote_nor_for_another_office(office: Office, site: Site) -> None:
    seen = site.take_along()["seen"]
    fields = {**CHECKED, "case-seen": seen, "sent-key": "k" * 32, "kept-for": str(site.inspector_id)}
    site.colleague.get("/desk/visits")
    other = site.colleague.post(f"{site.path}/answers", fields, **JSON)
    assert other.status_code == 409
    assert "ほかの職員が書いたもの" in other.json["message"]
    office.citizens.get("/desk")
    assert office.citizens.post(f"{site.path}/answers", fields, **JSON).status_code in {403, 404, 409}
    site.inspector.get("/desk/visits")
    for key in ("kurz", "k" * 65, "k" * 31 + "\0", "k" * 31 + "\n"):
        assert site.inspector.post(f"{site.path}/answers", fields | {"sent-key": key}, **JSON).status_code == 422, key
    assert forms_of(site.case) == []


def test_who_is_signed_in_is_told_with_a_new_token(app: Flask, site: Site) -> None:
    answer = site.inspector.get("/desk/visits/session", **JSON)
    assert answer.json == {"staff": site.inspector_id}
    assert answer.headers["X-CSRF-Token"]
    assert Browser(app, CITY).get("/desk/visits/session", **JSON).status_code == 303


def test_the_page_that_a_phone_keeps_names_nobody_and_its_worker_answers_for_visits_alone(site: Site) -> None:
    page = site.inspector.get("/desk/visits/kept").text
    assert "visitor@example.jp" not in page
    assert "csrf" not in page
    worker = site.inspector.get("/desk/visits/worker.js")
    assert worker.mimetype == "text/javascript"
    assert "Service-Worker-Allowed" not in worker.headers


def test_photos_are_added_on_the_page_of_the_form_too(site: Site) -> None:
    address = f"/desk/cases/{site.case}/stage-form"
    page = site.inspector.get(f"{address}?stage=site_check").text
    add = f"{address}/site_check/files/photos"
    assert f'data-files-add="{add}"' in page
    added = site.inspector.post(add, {"upload": (io.BytesIO(photo()), "歩道.jpg")}, **JSON)
    assert added.status_code == 200
    assert "歩道.jpg" in added.json["list"]
    with city_session(CITY) as session:
        stored = session.scalars(
            select(StoredFile).where(StoredFile.field == "site_check/photos").order_by(StoredFile.id.desc())
        ).first()
        assert stored is not None
        file_id = stored.public_id
    assert site.inspector.get(f"{address}/site_check/files/{file_id}/thumbnail").mimetype == "image/jpeg"
    assert "歩道.jpg" in site.inspector.get(address).text
    removed = site.inspector.post(f"{add}/remove", {"file": file_id}, **JSON)
    assert "歩道.jpg" not in removed.json["list"]
    brought = site.inspector.post(address, {**CHECKED, "photos.upload": (io.BytesIO(photo()), "足元.jpg")})
    assert brought.status_code == 303
    [filled] = forms_of(site.case)
    assert [file["name"] for file in filled.answers["photos"]] == ["足元.jpg"]


def _stops(page: str) -> dict[str, Any]:
    """What the map of the list shows."""
    drawn = re.search(r"data-map-place='([^']*)'", page)
    assert drawn
    stops: dict[str, Any] = json.loads(html.unescape(drawn[1]))
    return stops


def test_the_map_numbers_the_visits_as_the_list_does_and_leads_along_them(site: Site) -> None:
    with city_session(CITY) as session:
        second = send(session, begin(session, "road-occupancy", unshared_occupancy())).id
    _walk(second, "accept", "begin_site_check")
    by_deadline, walked = site.inspector.get("/desk/visits").text, site.inspector.get("/desk/visits?order=walk").text
    for page in (by_deadline, walked):
        points = [each for each in _stops(page)["features"] if each["geometry"]["type"] == "Point"]
        listed = re.findall(r'<span class="visit__number">(\d+)</span>', page)
        assert len(listed) >= 2
        assert [point["properties"]["number"] for point in points] == [int(number) for number in listed]
    assert sorted(re.findall(r'data-case="(\d+)"', by_deadline)) == sorted(re.findall(r'data-case="(\d+)"', walked))
    assert all(each["geometry"]["type"] == "Point" for each in _stops(by_deadline)["features"])
    *points, way = _stops(walked)["features"]
    assert way["geometry"]["type"] == "LineString"
    assert way["geometry"]["coordinates"] == [point["geometry"]["coordinates"] for point in points]


def test_photos_that_know_where_they_were_taken_are_on_the_map_of_the_case(office: Office, site: Site) -> None:
    kept = site.take_along()
    taken = {"taken-at": "2026-11-30T10:15:00+09:00", "lon": "139.395", "lat": "35.671", "position-from": "device"}
    assert site.send_photo("w" * 32, **taken).status_code == 200
    assert site.send_photo("x" * 32, colour=3).status_code == 200
    answers = {**CHECKED, "case-seen": kept["seen"], "photo-key": ["w" * 32, "x" * 32]}
    assert site.send("answers", "y" * 32, answers).json == {"done": True}
    with city_session(CITY) as session:
        stored = next(
            file for file in files_of_case(session, site.case) if (taken_at := capture_of(file)) and taken_at.lon
        )
        stored.scan, public_id = "clean", stored.public_id
    features = _stops(office.roads.get(f"/desk/cases/{site.case}").text)["features"]
    photos = [each for each in features if each["properties"]["role"] == "photo"]
    address = photos[0]["properties"]["address"]
    assert public_id in address
    assert f'data-viewer="{public_id}"' in office.roads.get(address).text
    assert [each["geometry"]["coordinates"] for each in photos] == [[139.395, 35.671]]
    assert "11月30日" in photos[0]["properties"]["title"]


def test_the_drawer_says_by_which_version_of_the_procedure_a_case_goes(office: Office) -> None:
    assert re.search(r"手続きの第\d+版(?!\()", office.roads.get(f"/desk/cases/{office.permit}?tab=history").text)

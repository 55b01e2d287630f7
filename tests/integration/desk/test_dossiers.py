"""Dossiers of locations: frozen when a case is sent and when somebody asks, and read as far as rights go."""

import re
from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from geo.catalogue import change_entry
from geo.layer_import import LayerMetadata, import_layer
from portal.cases.dossiers import dossiers_of_case, forget_spots, freeze_places
from portal.core.clock import frozen, now
from portal.core.config import settings
from portal.core.database import city_session
from portal.core.text import date_ja
from tests.integration.desk.conftest import CITY, Office
from tests.kit.answers import unshared_occupancy
from tests.kit.city import begin, send

DOSSIERS = "/desk/dossiers"


def sent() -> int:
    with city_session(CITY) as session:
        case_id = send(session, begin(session, "road-occupancy", unshared_occupancy())).id
    with city_session(CITY) as session:
        freeze_places(session, case_id)
        freeze_places(session, case_id)  # the job may be carried out twice
    return case_id


def zone(session: Session, name: str) -> None:
    box = [[139.39, 35.66], [139.41, 35.66], [139.41, 35.68], [139.39, 35.68], [139.39, 35.66]]
    feature = {"type": "Feature", "properties": {"zone": name}, "geometry": {"type": "Polygon", "coordinates": [box]}}
    metadata = LayerMetadata("dossier-zones", {"ja": "調書の用途地域"}, "polygon")
    import_layer(session, metadata, {"type": "FeatureCollection", "features": [feature]})


def test_a_case_has_the_dossier_of_the_day_it_was_sent(app: Flask, office: Office) -> None:
    case_id = sent()
    drawer = office.roads.get(f"/desk/cases/{case_id}").text
    assert drawer.count("(申請のとき)") == 1
    address = re.search(r'href="(/desk/dossiers/[0-9]+)"', drawer)
    assert address
    page = office.roads.get(address[1]).text
    assert all(words in page for words in ("市道の区域", "第1版", "50 m以内の案件", "印刷する"))
    again = office.roads.post(f"{DOSSIERS}/cases/{case_id}", {})
    assert again.status_code == 303
    assert office.citizens.get(address[1]).status_code in {403, 404}


def test_any_spot_keeps_the_values_of_its_day(office: Office) -> None:
    with city_session(CITY) as session:
        zone(session, "商業地域")
    missing = office.roads.post(DOSSIERS, {"words": "どこにもない町", "positions": ""})
    assert (missing.status_code, "見つかりません" in missing.text) == (422, True)
    bad = office.roads.post(DOSSIERS, {"words": "", "positions": "東, 西"})
    assert (bad.status_code, "位置を読み取れません" in bad.text, "東, 西" in bad.text) == (422, True, True)
    crossing = "35.670,139.395\n35.672,139.397\n35.670,139.397\n35.672,139.395"
    assert office.roads.post(DOSSIERS, {"words": "", "positions": crossing}).status_code == 422
    made = office.roads.post(
        DOSSIERS, {"words": "日野駅前", "positions": "35.670,139.395\n35.671,139.395\n35.671,139.396"}
    )
    assert made.status_code == 303
    with city_session(CITY) as session:
        zone(session, "あとの地域")
    page = office.roads.get(made.location).text
    assert all(words in page for words in ("日野駅前", "調書の用途地域", "商業地域"))
    assert "あとの地域" not in page
    days = settings().spot_record_days
    gone = date_ja(now() + timedelta(days=days), year=True)
    assert f"どの案件にも付かない調書なので、{gone}に消えます" in page
    of_case = sent()
    for later, status in ((days - 1, 200), (days + 1, 404)):
        with frozen(now() + timedelta(days=later)), city_session(CITY) as session:
            forget_spots(session)
        assert office.roads.get(made.location).status_code == status
    with city_session(CITY) as session:
        assert len(dossiers_of_case(session, of_case)) == 1, "that of a case stays as long as the case"


def test_what_somebody_may_not_see_is_left_out(office: Office) -> None:
    with city_session(CITY) as session:
        zone(session, "商業地域")
    made = office.roads.post(DOSSIERS, {"words": "", "positions": "35.671, 139.396"})
    with city_session(CITY) as session:
        change_entry(session, "dossier-zones", visible_to="groups", owner="welfare")
    assert "調書の用途地域" not in office.roads.get(made.location).text
    assert office.roads.get(f"{DOSSIERS}/999999").status_code == 404

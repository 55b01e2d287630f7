"""「地図がちがう」: the applicant goes on with words instead of a place that fits, and whoever keeps the layer answers."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import load
from geo.layer_import import LayerMetadata, import_layer
from portal.cases import answer_objection
from portal.cases.map_objections import object_to_map, objections_of, open_counts, open_objections, statements_of
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Event
from portal.core.text import using_language
from portal.notifications.models import MailMessage
from portal.residents.map_statements import looked_up
from tests.integration.geo.stalls import rectangle
from tests.kit.office import Office, open_office

DEFINITION = """
procedure: test-garden
kind: permit
title: {ja: 庭の許可}
department: road-management
steps:
  - id: where
    title: {ja: 場所}
    fields:
      - id: spot
        type: polygon
        label: {ja: 範囲}
        rules: [{inside: gardens}]
        look_up: [{layer: gardens, property: name, as: name, type: string, default: ""}]
workflow: {preset: permit}
"""
OUT, IN = rectangle(100, 0, 5, 5), rectangle(5, 5, 5, 5)


def draw(session: Session, width: float) -> None:
    feature = {
        "type": "Feature",
        "properties": {"name": "北の庭", "name_en": "North garden"},
        "geometry": rectangle(0, 0, width, 40),
    }
    import_layer(
        session,
        LayerMetadata("gardens", {"ja": "庭園"}, "polygon"),
        {"type": "FeatureCollection", "features": [feature]},
    )


@pytest.fixture
def office(city_db: Session) -> Office:
    draw(city_db, 40)
    return open_office(city_db, {"test-garden": DEFINITION})


def answers(shape: dict[str, Any], **more: str) -> dict[str, Any]:
    return {"spot": {"geometry": shape, "source": "drawn", **more}}


def test_words_instead_of_a_place_that_fits_go_to_whoever_keeps_the_layer(office: Office) -> None:
    session = office.session
    with pytest.raises(Invalid):
        office.apply("test-garden", answers(OUT))
    case = office.apply("test-garden", answers(OUT, contest="庭は去年、東に広がりました。"))
    ((objection, waiting),) = open_objections(session, "gardens")
    assert (waiting, objection.words) == (case, "庭は去年、東に広がりました。")
    assert (objection.finding["holds"], objection.finding["layer_version"], open_counts(session)["gardens"]) == (
        False,
        1,
        1,
    )
    with pytest.raises(Conflict, match="新しい版になっていません"):
        answer_objection(session, "gardens", objection.id, "edited", "", office.actor)
    draw(session, 120)
    answer_objection(session, "gardens", objection.id, "edited", "", office.actor)
    assert (objection.outcome, objection.layer_version, open_counts(session)["gardens"]) == ("edited", 2, 0)
    with pytest.raises(Conflict, match="もう答えて"):
        answer_objection(session, "gardens", objection.id, "kept", "いいえ", office.actor)
    names = session.scalars(select(Event.name).where(Event.subject_id == case.id)).all()
    assert {"case.map_contested", "case.map_answered"} <= set(names)
    assert "map_answered" in session.scalars(select(MailMessage.kind).where(MailMessage.case_id == case.id)).all()


def test_the_receipt_tells_what_was_looked_up_as_the_layer_has_it_in_the_readers_language(office: Office) -> None:
    case = office.apply("test-garden", answers(IN))
    definition = load(DEFINITION.encode())
    assert looked_up(office.session, case, definition) == ["「庭園」によると、北の庭です。"]
    with using_language("en"):
        [told] = looked_up(office.session, case, definition)
    assert "North garden" in told


def test_a_value_is_contested_later_and_stays_for_a_reason(office: Office) -> None:
    session = office.session
    case = office.apply("test-garden", answers(IN))
    rule, name = statements_of(session, case.id)[::-1]
    assert (rule.finding.subject, name.finding.subject) == ("rules.0", "look_up.name")
    with pytest.raises(Invalid):
        object_to_map(session, case, "spot", "look_up.name", " ", office.resident)
    with pytest.raises(NotFound):
        object_to_map(session, case, "spot", "look_up.other", "違う", office.resident)
    object_to_map(session, case, "spot", "look_up.name", "南の庭です。", office.resident)
    with pytest.raises(Conflict):
        object_to_map(session, case, "spot", "look_up.name", "南の庭です。", office.resident)
    (objection,) = objections_of(session, case.id)
    with pytest.raises(Invalid) as fault:
        answer_objection(session, "gardens", objection.id, "kept", "", office.actor)
    assert "reason" in fault.value.fields
    answer_objection(session, "gardens", objection.id, "kept", "登記のとおりです。", office.actor)
    (answered,) = (part.objection for part in statements_of(session, case.id) if part.objection)
    assert (answered.outcome, answered.reason) == ("kept", "登記のとおりです。")


def test_words_do_not_lift_a_firm_rule(city_db: Session) -> None:
    draw(city_db, 40)
    office = open_office(
        city_db, {"test-garden": DEFINITION.replace("{inside: gardens}", "{inside: gardens, firm: true}")}
    )
    with pytest.raises(Invalid) as fault:
        office.apply("test-garden", answers(OUT, contest="庭は去年、東に広がりました。"))
    assert "spot" in fault.value.fields
    assert office.apply("test-garden", answers(IN, contest="北の庭ではありません。"))

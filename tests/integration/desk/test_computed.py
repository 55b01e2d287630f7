"""What a definition works out from answers, as the office reads it beside them."""

import pytest

from portal.cli.installing import install
from portal.core.clock import today
from portal.core.database import city_session
from tests.integration.desk.conftest import CITY, Office
from tests.kit.answers import road
from tests.kit.catalogue import catalogue, in_no_declared_language
from tests.kit.city import begin, send

SLOPE = (
    in_no_declared_language(catalogue()["road-damage"])
    .replace("procedure: road-damage", "procedure: slope-damage")
    .replace(
        "workflow:\n",
        """compute:
  - id: urgency
    value: "danger ? 90 : 10"
    label: {ja: 急ぎの度合い, ja-easy: 急(いそ)ぎ, en: Urgency}
    unit: {ja: 点, en: points}
  - {id: unseen, value: urgency * 2}
workflow:
""",
        1,
    )
)


@pytest.fixture
def report(office: Office) -> int:
    """A report under a procedure of its own, which works something out."""
    position = road(3)["geometry"]["coordinates"][0][0]
    answers = {
        "defect": "hole",
        "danger": False,
        "spot": {"geometry": {"type": "Point", "coordinates": position}, "source": "drawn"},
        "found_on": str(today()),
        "wants_answer": False,
    }
    with city_session(CITY) as session:
        install(session, SLOPE, None)
        return send(session, begin(session, "slope-damage", answers)).id


def test_the_office_reads_a_named_value_that_has_a_label(office: Office, report: int) -> None:
    page = office.roads.get(f"/desk/cases/{report}").text
    assert "答えから計算した値" in page
    assert "急ぎの度合い" in page
    assert "10 点" in page
    assert "20" not in page.partition("答えから計算した値")[2].partition("</dl>")[0]

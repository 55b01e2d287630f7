"""What an operator does about cases whose retention period is over: erases them, lists what was erased, and keeps one longer."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from click.testing import CliRunner, Result

from portal.cases.models import Case
from portal.cases.queries import history
from portal.cli import main
from portal.cli.checks.records import retention
from portal.core.clock import TOKYO, frozen
from portal.core.database import city_session
from tests.kit.answers import damage
from tests.kit.city import begin, inhabited, send

CITY = "hino"
CLOSED = datetime(2026, 11, 28, 10, tzinfo=TOKYO)
LAST_DAY = datetime(2030, 3, 31, 23, 59, tzinfo=TOKYO)
NEXT_DAY = datetime(2030, 4, 1, 0, 1, tzinfo=TOKYO)


def madoguchi(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["retention", *arguments])


def run(*arguments: str) -> str:
    result = madoguchi(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def refused(*arguments: str) -> str:
    """The one plain line of a refusal."""
    result = madoguchi(*arguments)
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit), "no traceback"
    return result.output


@pytest.fixture
def closed(database: None) -> Iterator[list[str]]:
    """The numbers of two cases that were closed in November 2026 and are kept for three years."""
    with inhabited([CITY], ("road-damage",)):
        numbers = []
        with frozen(CLOSED), city_session(CITY) as session:
            for description in ("くぼみ", "段差"):
                case = send(session, begin(session, "road-damage", damage(CITY, description)))
                case.closed_at = CLOSED
                numbers.append(case.number)
        yield numbers


def test_cases_are_erased_when_their_time_is_over_and_not_before(closed: list[str]) -> None:
    with frozen(LAST_DAY):
        assert run("erase", CITY) == f"{CITY}: 0 cases erased\n"
        assert retention().level == "ok"
    assert run("list", CITY) == ""
    with frozen(NEXT_DAY):
        assert retention().level == "advice"
        assert f"{CITY}: 2" in retention().detail
        assert run("erase", CITY) == f"{CITY}: 2 cases erased\n"
        assert run("erase", CITY) == f"{CITY}: 0 cases erased\n"
        assert retention().level == "ok"
    lines = [line.split("\t") for line in run("list", CITY).splitlines()]
    assert lines == [[number, "road-damage", "2026-11-28", "3", "2030-03-31", "2030-04-01"] for number in closed]
    assert len(run("list", CITY, "--since", "2030-04-01").splitlines()) == 2
    assert run("list", CITY, "--since", "2030-04-02") == ""


def test_a_held_case_stays_until_the_hold_is_lifted(closed: list[str]) -> None:
    held, other = closed
    assert run("hold", CITY, held, "--reason", "訴訟のため") == f"{held}: held\n"
    assert "もう延長されています" in refused("hold", CITY, held, "--reason", "訴訟のため")
    with frozen(NEXT_DAY):
        assert run("erase", CITY) == f"{CITY}: 1 cases erased\n"
        assert other in run("list", CITY)
        assert run("lift", CITY, held, "--reason", "訴訟が終わったため") == f"{held}: no longer held\n"
        assert "延長されていません" in refused("lift", CITY, held, "--reason", "もう一度")
        assert run("erase", CITY) == f"{CITY}: 1 cases erased\n"
        assert "見つかりません" in refused("hold", CITY, held, "--reason", "遅すぎる")


def test_a_hold_is_an_event_without_its_reason(closed: list[str]) -> None:
    run("hold", CITY, closed[0], "--reason", "佐藤さんとの訴訟のため")
    with city_session(CITY) as session:
        case = session.query(Case).filter(Case.number == closed[0]).one()
        event = history(session, case.id)[-1]
    assert (event.name, event.actor_kind) == ("case.hold_placed", "system")
    assert "佐藤" not in str(event.data)


@pytest.mark.parametrize("act", ["hold", "lift"])
def test_what_does_not_exist_is_reported_in_one_line(closed: list[str], act: str) -> None:
    assert f"{CITY} has no case 立-0101-99999." in refused(act, CITY, "立-0101-99999", "--reason", "x")
    assert "There is no city atlantis." in refused(act, "atlantis", closed[0], "--reason", "x")
    assert "理由を書いてください" in refused(act, CITY, closed[0], "--reason", "  ")
    assert madoguchi(act, CITY, closed[0]).exit_code == 2, "a reason must be given"


@pytest.mark.parametrize("command", ["erase", "list"])
def test_an_unknown_city_is_reported(database: None, command: str) -> None:
    assert "atlantis" in refused(command, "atlantis")

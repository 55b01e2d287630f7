"""Two editors at the same moment, two windows of one editor, and any geometry: nothing is lost and nothing breaks."""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from werkzeug.test import TestResponse

from tests.integration.desk.allotments import EDIT, content, features, lot, newest, shapes, step
from tests.integration.desk.conftest import Office
from tests.kit.browser import Browser

pytestmark = pytest.mark.usefixtures("allotments")


def at_once(*acts: Callable[[], TestResponse]) -> list[int]:
    """The statuses of requests that are sent at the same moment, each by a browser of its own."""
    start = Barrier(len(acts))

    def send(act: Callable[[], TestResponse]) -> int:
        start.wait()
        return act().status_code

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(send, acts))


def publication(browser: Browser) -> Callable[[], TestResponse]:
    """What publishes the draft of a browser as it is now."""
    [mark] = set(re.findall(r'name="seen"[^>]*value="([^"]*)"', browser.get(f"{EDIT}/changes").text))
    return lambda: browser.post(f"{EDIT}/publication", {"seen": mark})


def test_two_who_publish_at_once_lose_nothing(office: Office) -> None:
    roads, second, before = office.roads, office.second, newest().number
    ids = features(roads)
    step(roads, "properties", feature=ids["1"], p1="貸出中")
    step(second, "properties", feature=ids["2"], p1="休園")
    assert at_once(publication(roads), publication(second)) == [303, 303]
    assert newest().number == before + 2
    assert [content(before + 2)[n]["use"] for n in "12"] == ["貸出中", "休園"]
    step(roads, "properties", feature=ids["3"], p1="貸出中")
    step(second, "properties", feature=ids["3"], p1="休園")
    assert sorted(at_once(publication(roads), publication(second))) == [303, 409]
    assert newest().number == before + 3
    loser = roads if "ほかの人も変えた地物(1件)" in roads.get(f"{EDIT}/changes").text else second
    assert "ほかの人も変えた地物(1件)" in loser.get(f"{EDIT}/changes").text


def test_two_windows_of_one_editor_at_once_are_two_steps(office: Office) -> None:
    roads = office.roads
    window, ids = roads.copy(), features(roads)
    step(roads, "properties", feature=ids["1"], p1="貸出中")
    acts = [
        lambda: step(roads, "properties", feature=ids["2"], p1="貸出中"),
        lambda: step(window, "properties", feature=ids["3"], p1="休園"),
    ]
    assert at_once(*acts) == [303, 303]
    assert "変わるもの(3件)" in roads.get(f"{EDIT}/changes").text
    token = "twice"
    twice = [lambda: step(roads, "draw", geometry=json.dumps(lot(100)), token=token) for _ in range(2)]
    twice[1] = lambda: step(window, "draw", geometry=json.dumps(lot(100)), token=token)
    assert at_once(*twice) == [303, 303]
    assert len(shapes(roads)) == 4


numbers = st.one_of(st.floats(139.3, 139.5), st.floats(35.6, 35.7), st.floats(), st.integers(), st.none())
runs = st.lists(st.lists(numbers, max_size=3), max_size=6)
geometries = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["Point", "MultiPoint", "LineString", "Polygon", "MultiPolygon", "GeometryCollection"]),
        "coordinates": st.one_of(runs, st.lists(runs, max_size=3), st.lists(st.lists(runs, max_size=2), max_size=2)),
    }
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(geometry=geometries, act=st.sampled_from(["draw", "shape", "split", "cut", "part"]))
def test_any_geometry_is_taken_or_refused_in_words(office: Office, geometry: dict[str, Any], act: str) -> None:
    feature = "" if act == "draw" else next(iter(features(office.roads, words="空き").values()))
    answer = step(office.roads, act, feature=feature, geometry=json.dumps(geometry))
    assert answer.status_code in {303, 422}
    assert answer.status_code == 303 or "ください" in answer.text

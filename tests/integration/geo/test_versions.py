"""Versions of a layer: what a file changes is known before, every version can be read for ever, and an earlier one can be had again."""

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from shapely import box, from_wkb, set_srid
from sqlalchemy import Connection

from geo.catalogue import add_entry, entry_of
from geo.versions import (
    Change,
    Incoming,
    Provenance,
    VersionConflict,
    change_to_version,
    compare,
    features_at,
    intake_of_version,
    open_intake,
    take_intake,
    versions_of,
)

Content = dict[str, tuple[str, int]]
"""Use and position of each lot, by its key."""


def take(maps: Connection, content: Content, *, expected_version: int, known_by: str | None = "lot") -> Change:
    """Import lots by their key, and return what was said before."""
    features = [
        Incoming(
            n, key, {"lot": key, "use": use}, set_srid(box(139 + x / 1000, 35, 139.0005 + x / 1000, 35.0005), 4326)
        )
        for n, (key, (use, x)) in enumerate(content.items(), start=1)
    ]
    intake_id = open_intake(maps, features)
    change = compare(maps, intake_id, "lots", known_by)
    version = take_intake(maps, intake_id, "lots", Provenance(file_name="lots.gpkg"), expected_version=expected_version)
    assert (version.added, version.changed, version.removed) == (change.added, change.changed, change.removed)
    return change


def content_of(maps: Connection, number: int) -> Content:
    rows = features_at(maps, "lots", number)
    return {row["lot"]: (row["use"], round((from_wkb(bytes(wkb)).bounds[0] - 139) * 1000)) for _id, row, wkb in rows}


@pytest.fixture
def lots(maps: Connection) -> Connection:
    add_entry(maps, "lots", "polygon", title={"ja": "筆"}, key_property="lot")
    return maps


def test_a_file_says_what_it_changes_and_every_version_stays(lots: Connection) -> None:
    first: Content = {"1": ("田", 1), "2": ("畑", 2), "3": ("宅地", 3)}
    second: Content = {"1": ("田", 1), "2": ("宅地", 2), "4": ("畑", 4)}
    assert take(lots, first, expected_version=0) == Change(added=3, changed=0, removed=0, same=0)
    assert take(lots, second, expected_version=1) == Change(added=1, changed=1, removed=1, same=1)
    assert (content_of(lots, 1), content_of(lots, 2)) == (first, second)
    newest = versions_of(lots, "lots")[0]
    assert (newest.number, newest.features, newest.file_name) == (2, 3, "lots.gpkg")
    assert newest.columns == {"lot": "string", "use": "string"}
    with pytest.raises(VersionConflict):
        take(lots, first, expected_version=1)


def test_without_a_key_only_what_is_quite_the_same_stays(lots: Connection) -> None:
    take(lots, {"1": ("田", 1), "2": ("畑", 2)}, expected_version=0, known_by=None)
    changed: Content = {"1": ("田", 1), "2": ("宅地", 2)}
    assert take(lots, changed, expected_version=1, known_by=None) == Change(added=1, changed=0, removed=1, same=1)


@given(
    st.lists(
        st.dictionaries(st.sampled_from("abcde"), st.tuples(st.sampled_from(["田", "畑"]), st.integers(0, 3))),
        min_size=2,
        max_size=5,
    )
)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_earlier_version_can_be_had_again(lots: Connection, contents: list[Content]) -> None:
    with lots.begin_nested() as savepoint:
        for number, content in enumerate(contents):
            take(lots, content, expected_version=number)
        before = change_to_version(lots, "lots", 1)
        intake_id = intake_of_version(lots, "lots", 1)
        restored = take_intake(
            lots, intake_id, "lots", Provenance("restore", restored=1), expected_version=len(contents)
        )
        assert (restored.added, restored.changed, restored.removed) == (before.added, before.changed, before.removed)
        versions = [*contents, contents[0]]
        assert [content_of(lots, number) for number in range(1, len(versions) + 1)] == versions
        entry = entry_of(lots, "lots")
        assert entry is not None
        assert (entry.version, entry.features) == (len(versions), len(contents[0]))
        savepoint.rollback()

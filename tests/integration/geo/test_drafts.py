"""Drafts of a layer: steps are kept, undone and done again, become a version, and never go over what somebody else changed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from shapely import box, set_srid
from sqlalchemy import Connection, func, select

from geo.catalogue import add_entry, entry_of
from geo.editing import (
    Draft,
    DraftConflict,
    NothingChanged,
    State,
    add_column,
    add_step,
    draft_changes,
    draft_of,
    drafts_of,
    features_in,
    features_listed,
    new_feature_id,
    publish_draft,
    redo,
    states_of,
    undo,
    value_taken,
)
from geo.feature_history import differences, feature_states
from geo.layers import layer_tile, layer_tile_at
from geo.pyramid import Tile
from geo.tables import layer_draft_feature, layer_draft_step
from geo.versions import Incoming, Provenance, compare, features_at, open_intake, take_intake, versions_of

NOON = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
ANN, BEN = 1, 2
ALL = (138.0, 34.0, 141.0, 37.0)


def lot(x: float, size: float = 0.0005) -> Any:
    return set_srid(box(139 + x / 1000, 35, 139 + x / 1000 + size, 35 + size), 4326)


class Layer:
    """A layer of three lots, with what its editors do."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        add_entry(connection, "lots", "polygon", title={"ja": "筆"}, key_property="lot")
        features = [Incoming(n, str(n), {"lot": str(n), "use": "田"}, lot(n)) for n in (1, 2, 3)]
        intake = open_intake(connection, features)
        compare(connection, intake, "lots", "lot")
        take_intake(connection, intake, "lots", Provenance(), expected_version=0)
        entry = entry_of(connection, "lots")
        assert entry is not None
        self.id = entry.id
        self.ids = [row[0] for row in features_at(connection, "lots", 1)]
        self.moment = NOON

    def draft(self, author: int = ANN) -> Draft:
        draft = draft_of(self.connection, self.id, author)
        assert draft is not None
        return draft

    def state(self, feature_id: int, author: int = ANN) -> State:
        draft = draft_of(self.connection, self.id, author)
        return states_of(self.connection, self.id, draft.id if draft else None, [feature_id])[feature_id]

    def step(self, *states: State, author: int = ANN, token: str = "", act: str = "properties") -> bool:
        self.moment += timedelta(seconds=1)
        token = token or self.moment.isoformat()
        return add_step(self.connection, self.id, author, token=token, act=act, states=states, moment=self.moment)

    def use(self, feature_id: int, use: str, author: int = ANN, token: str = "") -> bool:
        was = self.state(feature_id, author)
        return self.step(State(was.id, was.since, {**was.properties, "use": use}, was.geom), author=author, token=token)

    def publish(self, author: int = ANN) -> int:
        return publish_draft(self.connection, self.draft(author), "lots", Provenance("edit", author=author)).number

    def uses(self, number: int) -> dict[str, str]:
        return {row["lot"]: row["use"] for _id, row, _wkb in features_at(self.connection, "lots", number)}


@pytest.fixture
def lots(maps: Connection) -> Layer:
    return Layer(maps)


def test_steps_are_kept_undone_and_done_again(lots: Layer) -> None:
    first, second, third = lots.ids
    assert lots.use(first, "畑", token="a")
    assert not lots.use(first, "宅地", token="a")  # sent twice
    was = lots.state(third)
    lots.step(State(third, was.since, {}, None), act="remove")
    new = State(new_feature_id(lots.connection), None, {"lot": "4", "use": "畑"}, lot(4))
    lots.step(new, act="draw")
    outcomes = {change.id: change.outcome for change in draft_changes(lots.connection, lots.draft())}
    assert outcomes == {first: "changed", third: "removed", new.id: "added"}
    assert undo(lots.connection, lots.draft().id, 3, lots.moment)
    assert not undo(lots.connection, lots.draft().id, 3, lots.moment)  # pressed twice
    assert (lots.draft().last_act, lots.draft().next_act) == ("remove", "draw")
    assert redo(lots.connection, lots.draft().id, 3, lots.moment)
    assert not redo(lots.connection, lots.draft().id, 3, lots.moment)
    undo(lots.connection, lots.draft().id, 3, lots.moment)
    lots.use(second, "畑")
    assert not redo(lots.connection, lots.draft().id, 4, lots.moment)  # another step took its place
    marks = [(row.id, row.mark) for row in features_listed(lots.connection, lots.id, lots.draft().id, limit=9)]
    assert sorted(marks) == [(first, "changed"), (second, "changed")]
    features = features_in(lots.connection, lots.id, lots.draft().id, ALL, 9)
    assert {row.id for row in features} == {first, second}
    assert not features_in(lots.connection, lots.id, lots.draft().id, (130.0, 30.0, 131.0, 31.0), 9)


def test_a_draft_becomes_a_version_that_writes_only_what_it_changes(lots: Layer) -> None:
    first, second, third = lots.ids
    lots.use(first, "畑")
    lots.step(State(third, 1, {}, None), act="remove")
    lots.step(State(new_feature_id(lots.connection), None, {"lot": "4", "use": "宅地", "note": "新"}, lot(4)))
    add_column(lots.connection, lots.id, ANN, "height", "number", lots.moment)
    assert lots.publish() == 2
    assert (lots.uses(1), lots.uses(2)) == (
        {"1": "田", "2": "田", "3": "田"},
        {"1": "畑", "2": "田", "4": "宅地"},
    )
    told = versions_of(lots.connection, "lots")[0]
    assert (told.origin, told.author, told.features) == ("edit", ANN, 3)
    assert (told.added, told.changed, told.removed) == (1, 1, 1)
    assert told.columns == {"lot": "string", "use": "string", "height": "number", "note": "string"}
    assert draft_of(lots.connection, lots.id, ANN) is None
    rows = select(func.count()).select_from(layer_draft_feature)
    assert lots.connection.execute(rows).scalar_one() == 0
    assert lots.connection.execute(select(func.count()).select_from(layer_draft_step)).scalar_one() == 0
    states = feature_states(lots.connection, lots.id, first)
    assert [(state.since, state.until, state.properties["use"]) for state in states] == [(2, None, "畑"), (1, 2, "田")]
    differing = differences(lots.connection, "lots", 1, 2, "lot", 9)
    assert [(each.outcome, each.label, each.differs) for each in differing] == [
        ("changed", "1", ["use"]),
        ("removed", "3", []),
        ("added", "4", []),
    ]
    backwards = differences(lots.connection, "lots", 2, 1, "lot", 9)
    assert [each.outcome for each in backwards] == ["changed", "added", "removed"]
    assert second not in {each.id for each in differing}
    tile = Tile(12, 3629, 1622)
    assert layer_tile_at(lots.connection, "lots", 2, tile) == layer_tile(lots.connection, "lots", tile)
    assert layer_tile_at(lots.connection, "lots", 1, tile) not in {b"", layer_tile(lots.connection, "lots", tile)}
    lots.use(first, "畑")
    with pytest.raises(NothingChanged), lots.connection.begin_nested():
        lots.publish()


def test_what_somebody_else_changed_is_a_conflict_with_both_sides(lots: Layer) -> None:
    first, second, third = lots.ids
    for author, use in ((ANN, "畑"), (BEN, "宅地")):
        lots.use(first, use, author)
    lots.use(second, "宅地", BEN)
    lots.use(third, "畑", ANN)
    assert lots.publish(BEN) == 2
    [conflict, free] = draft_changes(lots.connection, lots.draft(ANN))
    assert (conflict.in_conflict, free.in_conflict) == (True, False)
    uses = (conflict.former_properties, conflict.present_properties, conflict.properties)
    assert [row["use"] for row in uses if row] == ["田", "宅地", "畑"]
    with pytest.raises(DraftConflict), lots.connection.begin_nested():
        lots.publish(ANN)
    assert versions_of(lots.connection, "lots")[0].number == 2
    mine = lots.state(first)
    lots.step(State(first, conflict.present_since, mine.properties, mine.geom), act="mine")
    assert lots.publish(ANN) == 3
    assert lots.uses(3) == {"1": "畑", "2": "宅地", "3": "畑"}


def test_the_same_change_twice_or_a_removed_feature_is_seen_for_what_it_is(lots: Layer) -> None:
    first, second, _third = lots.ids
    for author in (ANN, BEN):
        lots.use(first, "畑", author)
    lots.step(State(second, 1, {}, None), author=BEN)
    lots.use(second, "畑", ANN)
    lots.publish(BEN)
    [change] = draft_changes(lots.connection, lots.draft(ANN))
    assert (change.id, change.outcome, change.in_conflict, change.present_since) == (second, "added", True, None)
    mine = lots.state(second)
    lots.step(State(second, None, mine.properties, mine.geom), act="mine")
    assert lots.publish(ANN) == 3
    assert lots.uses(3) == {"1": "畑", "2": "畑", "3": "田"}
    assert [state.since for state in feature_states(lots.connection, lots.id, second)] == [3, 1]
    assert drafts_of(lots.connection, lots.id) == []


def test_words_find_values_and_a_key_is_taken_once(lots: Layer) -> None:
    first, second, _third = lots.ids
    lots.use(first, "100%の畑_")
    draft = lots.draft().id
    features = features_listed(lots.connection, lots.id, draft, words="0%の", limit=9)
    assert [row.id for row in features] == [first]
    assert not features_listed(lots.connection, lots.id, draft, words="use", limit=9)  # a name is no value
    assert [row.id for row in features_listed(lots.connection, lots.id, draft, words="田", after=second, limit=9)]
    assert value_taken(lots.connection, lots.id, draft, "lot", "2", but=first)
    assert not value_taken(lots.connection, lots.id, draft, "lot", "2", but=second)
    assert not value_taken(lots.connection, lots.id, None, "lot", "7", but=first)

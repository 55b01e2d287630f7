"""Verbs of editing a layer in the browser: each is a step of the editor's own draft, which becomes a version when they publish it.

Who may edit the layer is decided before (`portal.maps.sight`).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, TypeVar

from shapely import set_srid
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from common.geometry import GeometryError, parse
from common.plane import Plane
from geo import editing as geo
from geo.catalogue import Entry, entry_with_id
from geo.editing import Draft, PositionFault, ShapeFault, State
from geo.feature_history import feature_states
from geo.versions import Provenance, Version
from portal.core.clock import now
from portal.core.config import settings
from portal.core.database import city_of
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import SYSTEM, Actor, record
from portal.core.tenancy import city
from portal.maps.edit_words import ACTS, REACH, UnfitShape, shown_value, typed_properties, unreadable_positions
from portal.maps.events import of_layer

__all__ = ["ACTS", "COLUMN_KINDS", "LayerEditor", "UnfitShape", "expire_drafts", "read_geometry", "shown_value"]

T = TypeVar("T")
COLUMN_KINDS = ("string", "number", "boolean")
_COLUMN_NAME = 60


def expire_drafts(session: Session) -> None:
    """Forget drafts that nobody went on with for so long (`layer_draft_days`); their layers' histories say so."""
    for layer_id, steps in geo.expire_drafts(session, now() - timedelta(days=settings().layer_draft_days)):
        key = entry_with_id(session, layer_id).key
        record(session, of_layer(layer_id), "layer.draft_expired", SYSTEM, key=key, steps=steps)


class LayerEditor:
    """One person at one layer. Every verb takes a `token` of the caller: what is sent twice under the same one happens once.

    Verbs raise NotFound for a feature that there is not, UnfitShape or Invalid for what cannot be taken, and Conflict for a layer out of use.
    """

    def __init__(self, session: Session, entry: Entry, actor: Actor) -> None:
        self._session = session
        self._entry = entry
        self._actor = actor
        self._author = actor.id or 0
        here = city(city_of(session))
        self.plane: Plane = here.plane
        self._near = here.center

    @property
    def draft(self) -> Draft | None:
        """The draft as it is now."""
        return geo.draft_of(self._session, self._entry.id, self._author)

    @property
    def columns(self) -> dict[str, str]:
        """The properties of features with their types: those of the newest version, and those that the draft adds."""
        draft = self.draft
        return {**self._entry.columns, **(draft.columns if draft else {})}

    @property
    def kind(self) -> str:
        """What the layer holds: point | line | polygon."""
        return self._entry.kind

    def read_positions(self, text: str, kind: str, *, in_plane: bool) -> dict[str, Any]:
        """The GeoJSON of coordinates that were typed for a line or an area to work with. Raises Invalid."""
        return self._positions(text, kind, in_plane, None)

    def draw(self, token: str, value: object) -> int:
        """Add a feature of that shape (GeoJSON), and return its id."""
        return self._add(token, "draw", self._checked(value))

    def reshape(self, token: str, feature_id: int, value: object) -> None:
        """Give a feature another shape (GeoJSON)."""
        state = self._locked(feature_id)
        self._step(token, "shape", replace(state, geom=self._checked(value)))

    def type_positions(self, token: str, feature_id: int | None, text: str, *, in_plane: bool) -> int:
        """Give a feature the shape of coordinates that were typed, or add one; its id."""
        state = None if feature_id is None else self._locked(feature_id)
        geom = self._checked(self._positions(text, self.kind, in_plane, state.geom if state else None))
        if state is None:
            return self._add(token, "draw", geom)
        self._step(token, "positions", replace(state, geom=geom))
        return state.id

    def move(self, token: str, feature_id: int, east: float, north: float) -> None:
        """Move a feature by metres in the plane system."""
        state = self._locked(feature_id)
        geom = self._fit(lambda: geo.moved(_shape(state), self.plane, east, north))
        self._step(token, "move", replace(state, geom=self._checked(geom.__geo_interface__)))

    def describe(self, token: str, feature_id: int, typed: Mapping[str, str]) -> None:
        """Change properties of a feature to what was typed for them."""
        state = self._locked(feature_id)
        properties = typed_properties(self.columns, typed, state.properties)
        if properties == state.properties:
            return
        self._require_own_key(state, properties)
        self._step(token, "properties", replace(state, properties=properties))

    def remove(self, token: str, feature_ids: Sequence[int]) -> None:
        """Remove features."""
        states = self._states(feature_ids, lock=True).values()
        self._step(token, "remove", *(replace(state, geom=None) for state in states))

    def split(self, token: str, feature_id: int, value: object) -> int:
        """Divide a feature along a line; the largest part stays the feature, the others are new. Returns the number of parts.

        New parts have the same properties, but not the one by which features are known.
        """
        state = self._locked(feature_id)
        line = _drawn(value, "line", self.plane)
        first, *others = self._fit(lambda: geo.split(_shape(state), line))
        known_by = self._entry.key_property
        properties = {name: each for name, each in state.properties.items() if name != known_by}
        new = [State(geo.new_feature_id(self._session), None, properties, part) for part in others]
        self._step(token, "split", replace(state, geom=first), *new)
        return 1 + len(others)

    def cut(self, token: str, feature_id: int, value: object) -> None:
        """Take an area out of a feature."""
        state, area = self._locked(feature_id), _drawn(value, "polygon", self.plane)
        geom = self._fit(lambda: geo.cut(_shape(state), area, self._entry.kind))
        self._step(token, "cut", replace(state, geom=geom))

    def add_part(self, token: str, feature_id: int, value: object) -> None:
        """Give a feature another part."""
        state, part = self._locked(feature_id), self._checked(value)
        geom = self._fit(lambda: geo.add_part(_shape(state), part, self._entry.kind))
        self._step(token, "part", replace(state, geom=geom))

    def merge(self, token: str, feature_ids: Sequence[int]) -> int:
        """Make one feature of several: the first, whose properties stay. Returns its id."""
        ids = list(dict.fromkeys(feature_ids))
        states = self._states(ids, lock=True)
        geoms = [_shape(states[each]) for each in ids]
        geom = self._fit(lambda: geo.merged(geoms, self._entry.kind))
        first, *others = (states[each] for each in ids)
        self._step(token, "merge", replace(first, geom=geom), *(replace(state, geom=None) for state in others))
        return first.id

    def restore(self, token: str, feature_id: int, since: int) -> None:
        """Put a former state of a feature into the draft; it is published like every change. Raises NotFound for none."""
        states = feature_states(self._session, self._entry.id, feature_id)
        former = next((state for state in states if state.since == since), None)
        if former is None:
            raise NotFound
        present = next((state.since for state in states if state.until is None), None)
        geom = set_srid(shape(former.shape), 4326)
        self._step(token, "restore", State(feature_id, present, former.properties, geom))

    def settle(self, token: str, feature_id: int, choice: str) -> None:
        """Decide about a change of one's own: `revert` it to what the layer has, or in a conflict keep `mine`, `theirs` or `both`.

        Both: the layer's stays the feature, one's own becomes a new one beside it. Raises Invalid for no such choice.
        """
        draft = geo.draft_of(self._session, self._entry.id, self._author, lock=True)
        change = next(
            (each for each in geo.draft_changes(self._session, draft) if each.id == feature_id) if draft else iter(()),
            None,
        )
        if draft is None or change is None:
            raise Conflict("この変更は、もうありません。いまの一覧を確かめてください。")
        if choice not in {"revert", "mine", "theirs", "both"}:
            raise Invalid("どれか1つを選んでください。")
        own = geo.states_of(self._session, self._entry.id, draft.id, [feature_id])[feature_id]
        present = geo.states_of(self._session, self._entry.id, None, [feature_id]).get(feature_id)
        theirs = present or State(feature_id, None, own.properties, None)
        if choice == "mine" or (choice == "both" and (own.geom is None or present is None)):
            self._step(token, choice, replace(own, since=change.present_since))
        elif choice == "both":
            known_by = self._entry.key_property
            properties = {name: value for name, value in own.properties.items() if name != known_by}
            new = State(geo.new_feature_id(self._session), None, properties, own.geom)
            self._step(token, choice, theirs, new)
        else:
            self._step(token, choice, theirs)

    def add_column(self, name: str, kind: str) -> None:
        """Add a property that features can have from the next version on. Raises Invalid (field `name`)."""
        name = name.strip()
        sentence = ""
        if not name or len(name) > _COLUMN_NAME or not name.isprintable():
            sentence = f"項目の名前を、{_COLUMN_NAME}文字までで入力してください。"
        elif name in self.columns:
            sentence = f"「{name}」という項目は、もうあります。別の名前にしてください。"
        elif kind not in COLUMN_KINDS:
            sentence = "種類を選んでください。"
        if sentence:
            raise Invalid(sentence, {"name": sentence})
        self._require_in_use()
        geo.add_column(self._session, self._entry.id, self._author, name, kind, now())

    def undo(self, n: int) -> None:
        """Take back step `n`, if it is the last one."""
        if draft := self.draft:
            geo.undo(self._session, draft.id, n, now())

    def redo(self, n: int) -> None:
        """Do step `n` again, if it was the first taken back."""
        if draft := self.draft:
            geo.redo(self._session, draft.id, n, now())

    def publish(self, *, seen: str, note: str, data_date: date | None) -> Version:
        """Make the draft the next version. `seen` is the mark of the draft on the page. Raises Conflict."""
        draft = geo.draft_of(self._session, self._entry.id, self._author, lock=True)
        if draft is None:
            raise Conflict("編集中の変更はありません。もう新しい版になったか、捨てられています。")
        if draft.mark != seen:
            raise Conflict("この画面のあとで編集が加わりました。変更の一覧を、もう一度確かめてください。")
        self._require_in_use()
        provenance = Provenance("edit", author=self._author, note=note, data_date=data_date or self._entry.data_date)
        try:
            version = geo.publish_draft(self._session, draft, self._entry.key, provenance)
        except geo.DraftConflict as error:
            raise Conflict("ほかの人が先に変えた地物があります。下の一覧で、どちらを残すか選んでください。") from error
        except geo.NothingChanged as error:
            raise Conflict("層の中身と同じなので、新しい版はつくりません。") from error
        counts = {"added": version.added, "changed": version.changed, "removed": version.removed}
        data = {"key": self._entry.key, "version": version.number, **counts}
        record(self._session, of_layer(self._entry.id), "layer.edited", self._actor, **data)
        return version

    def discard(self, *, seen: str) -> None:
        """Throw the draft away. `seen` as for publishing. Raises Conflict."""
        draft = geo.draft_of(self._session, self._entry.id, self._author, lock=True)
        if draft is None:
            return
        if draft.mark != seen:
            raise Conflict("この画面のあとで編集が加わりました。変更の一覧を、もう一度確かめてください。")
        geo.discard_draft(self._session, draft.id)
        data = {"key": self._entry.key, "steps": draft.done}
        record(self._session, of_layer(self._entry.id), "layer.draft_discarded", self._actor, **data)

    def _add(self, token: str, act: str, geom: BaseGeometry) -> int:
        feature_id = geo.new_feature_id(self._session)
        self._step(token, act, State(feature_id, None, {}, geom))
        return feature_id

    def _positions(self, text: str, kind: str, in_plane: bool, former: BaseGeometry | None) -> dict[str, Any]:
        try:
            return geo.read_positions(text, kind, self.plane if in_plane else None, former)
        except PositionFault as error:
            raise unreadable_positions(error) from error

    def _checked(self, value: object) -> BaseGeometry:
        return self._fit(lambda: geo.checked(value, self._entry.kind, near=self._near, reach=REACH))

    def _fit(self, make: Callable[[], T]) -> T:
        try:
            return make()
        except ShapeFault as error:
            raise UnfitShape(error, self._entry.kind, self.plane) from error
        except ShapelyError as error:  # of shapes that GEOS cannot work with, though each of them is valid
            raise UnfitShape(ShapeFault("unreadable"), self._entry.kind, self.plane) from error

    def _locked(self, feature_id: int) -> State:
        return self._states([feature_id], lock=True)[feature_id]

    def _states(self, ids: Sequence[int], *, lock: bool = False) -> dict[int, State]:
        draft = geo.draft_of(self._session, self._entry.id, self._author, lock=lock)
        states = geo.states_of(self._session, self._entry.id, draft.id if draft else None, ids)
        if not ids or any(each not in states or states[each].geom is None for each in ids):
            raise NotFound("この地物はありません。消されたか、新しい版でなくなっています。")
        return states

    def _require_own_key(self, state: State, properties: Mapping[str, Any]) -> None:
        name, draft = self._entry.key_property, self.draft
        value = properties.get(name) if name else None
        if name is None or value is None or value == state.properties.get(name):
            return
        if geo.value_taken(self._session, self._entry.id, draft.id if draft else None, name, value, but=state.id):
            sentence = (
                f"「{name}」の値「{value}」は、ほかの地物にあります。地物を見分ける項目なので、別の値にしてください。"
            )
            raise Invalid(sentence, {name: sentence})

    def _require_in_use(self) -> None:
        if not self._entry.in_use:
            raise Conflict("この層は、使用をやめています。また使うことにしてから、編集してください。")

    def _step(self, token: str, act: str, *states: State) -> None:
        self._require_in_use()
        moment = now()
        try:
            geo.add_step(
                self._session, self._entry.id, self._author, token=token, act=act, states=states, moment=moment
            )
        except geo.DraftFull as error:
            raise Conflict(
                f"編集が{geo.MAX_STEPS:,}回になりました。いちど新しい版にしてから、続けてください。"
            ) from error


def read_geometry(text: str) -> object:
    """The JSON of a shape as a form carries it; None for text that is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _shape(state: State) -> BaseGeometry:
    assert state.geom is not None  # noqa: S101 - `_states` leaves removed features out
    return state.geom


def _drawn(value: object, kind: str, plane: Plane) -> BaseGeometry:
    """A line or an area that something is done with, and that is no feature itself."""
    try:
        geom = parse(value, max_positions=geo.MAX_POSITIONS + 1)
    except GeometryError as error:
        code: Any = "too_many" if error.code == "place_vertices" else "unreadable"
        raise UnfitShape(ShapeFault(code), kind, plane) from error
    if geom.is_empty:
        raise UnfitShape(ShapeFault("unreadable"), kind, plane)
    return set_srid(geom, 4326)

"""「地図がちがう」: applicants object to what the map gave for a place of theirs; see `map_answers` for the other side."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forms.fields.occurrences import answer_at
from forms.fields.place import MAX_CONTEST
from forms.text.safety import holds_my_number
from portal.cases.events import of_case
from portal.cases.map_objection_models import MapObjection
from portal.cases.models import Case, CasePlace
from portal.cases.place_findings import PlaceFinding
from portal.core.clock import now
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor, record
from portal.core.text import _
from writing.invisible import visible


@dataclass(frozen=True, slots=True)
class PlaceStatement:
    """What the map gave for a place of a case, and the objection to it, if there is one."""

    field: str
    finding: PlaceFinding
    objection: MapObjection | None

    @property
    def may_be_contested(self) -> bool:
        """Whether the applicant may say that the map is wrong there: residents see the layer, and nothing was said yet."""
        return self.objection is None and self.finding.public


def statements_of(session: Session, case_id: int) -> list[PlaceStatement]:
    """What the map gave for the places of a case, in their order, with what was said against it."""
    places = session.scalars(select(CasePlace).where(CasePlace.case_id == case_id).order_by(CasePlace.id)).all()
    objections = {(row.field, row.finding["subject"]): row for row in objections_of(session, case_id)}
    return [
        PlaceStatement(place.field, finding, objections.get((place.field, finding.subject)))
        for place in places
        for finding in map(PlaceFinding.from_stored, place.findings)
    ]


def objections_of(session: Session, case_id: int) -> Sequence[MapObjection]:
    """What the applicant of a case said against the map, oldest first."""
    query = select(MapObjection).where(MapObjection.case_id == case_id).order_by(MapObjection.id)
    return session.scalars(query).all()


def object_to_map(session: Session, case: Case, field: str, subject: str, words: str, actor: Actor) -> None:
    """Say that the map is wrong about a place. The case, whose row must be locked, keeps what the map gave.

    Raises NotFound for what the map did not give, Conflict where something was said already, Invalid (field `words`).
    """
    statements = [
        part for part in statements_of(session, case.id) if (part.field, part.finding.subject) == (field, subject)
    ]
    if not statements or not statements[0].finding.public:
        raise NotFound
    if statements[0].objection is not None:
        raise Conflict(_("地図がちがうことは、もう伝わっています。"))
    _object(
        session,
        case,
        field,
        statements[0].finding,
        words_of(words, "words", MAX_CONTEST, missing=_("どこがどうちがうかを書いてください。")),
        actor,
    )


def object_with_answers(
    session: Session,
    case: Case,
    answers: Mapping[str, Any],
    contested: Mapping[str, Sequence[PlaceFinding]],
    actor: Actor,
) -> None:
    """Keep what an application says against the map with its places (`PlaceInspection.contested`), once for each finding."""
    if not contested:
        return
    said = {(row.field, row.finding["subject"]) for row in objections_of(session, case.id)}
    for path, findings in contested.items():
        for finding in findings:
            if (path, finding.subject) not in said:
                _object(session, case, path, finding, _contest(answers, path), actor)


def open_objections(session: Session, layer: str) -> list[tuple[MapObjection, Case]]:
    """What waits for whoever keeps a layer, oldest first, with the cases."""
    query = select(MapObjection, Case).join(Case, Case.id == MapObjection.case_id)
    query = query.where(MapObjection.layer == layer, MapObjection.outcome.is_(None)).order_by(MapObjection.id)
    return [(row[0], row[1]) for row in session.execute(query)]


def open_counts(session: Session) -> Counter[str]:
    """How much waits for an answer, by the keys of the layers."""
    query = select(MapObjection.layer, func.count()).where(MapObjection.outcome.is_(None)).group_by(MapObjection.layer)
    return Counter({row.layer: row[1] for row in session.execute(query)})


def _object(session: Session, case: Case, field: str, finding: PlaceFinding, words: str, actor: Actor) -> None:
    objection = MapObjection(
        case_id=case.id, field=field, layer=finding.layer, finding=finding.as_stored(), words=words, made_at=now()
    )
    session.add(objection)
    session.flush()
    data = {"objection_id": objection.id, "layer": finding.layer, "version": finding.layer_version}
    record(session, of_case(case.id), "case.map_contested", actor, **data)


def _contest(answers: Mapping[str, Any], path: str) -> str:
    value = answer_at(answers, path)
    return str(value.get("contest", "")) if isinstance(value, Mapping) else ""


def words_of(typed: str, field: str, most: int, *, missing: str) -> str:
    """What somebody wrote, as it is kept. Raises Invalid for nothing (`missing`), too much, and a My Number."""
    text = visible(typed).replace("\x00", "").strip()
    fault = "" if text else missing
    if holds_my_number(text):
        fault = _("マイナンバー(個人番号)は書かないでください。番号を消してください。")
    elif len(text) > most:
        fault = _("{count}文字までにしてください。", count=most)
    if fault:
        raise Invalid(fault, {field: fault})
    return text

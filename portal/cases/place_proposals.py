"""The office proposes another outline for a place of a case, or says something of spots in it, when it asks for a correction.

A draft belongs to the office and to the place that it was made for: where that has changed since, it is not sent. What was sent stays as
it was, with both outlines and the notes; `proposal_answers` has what becomes of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from forms import Definition
from forms.fields.occurrences import answer_at, with_answer
from forms.fields.path import head_of
from forms.text.safety import holds_my_number
from portal.cases.answers import open_answers
from portal.cases.events import of_case
from portal.cases.models import Case, CaseDecision
from portal.cases.place_messages import place_error_messages
from portal.cases.place_proposal_models import PlaceProposal
from portal.cases.places import inspect_places
from portal.core.clock import now
from portal.core.database import city_of
from portal.core.errors import Conflict, Invalid
from portal.core.events import Actor, record
from portal.core.locking import lock_row
from portal.procedures import definition_of
from writing.invisible import visible

__all__ = [
    "MAX_NOTE",
    "MOST_NOTES",
    "PlaceProposal",
    "Proposed",
    "SpotNote",
    "discard_proposal",
    "draft_count",
    "draft_of",
    "geometry_at",
    "judge_proposal",
    "proposals_of_case",
    "save_proposal",
    "send_proposals",
    "sound_drafts",
    "with_places",
]

MAX_NOTE = 300
MOST_NOTES = 8
Sizes = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class SpotNote:
    """What the office says of a spot (longitude, latitude). `corner` is its number in the applicant's drawing, from 1, where it is one."""

    position: Sequence[float]
    text: str
    corner: int | None = None


@dataclass(frozen=True, slots=True)
class Proposed:
    """The place (GeoJSON) as it was, the proposed one (None: only notes), and `area_m2` and `length_m` of both, as far as they have them."""

    before: Mapping[str, Any]
    geometry: Mapping[str, Any] | None
    notes: Sequence[SpotNote]
    before_sizes: Sizes
    sizes: Sizes

    @classmethod
    def stored(cls, content: Mapping[str, Any]) -> "Proposed":
        """From a row."""
        return cls(**{**content, "notes": [SpotNote(**note) for note in content["notes"]]})


def proposals_of_case(session: Session, case_id: int) -> Sequence[PlaceProposal]:
    """Drafts and what was sent, the newest first."""
    query = select(PlaceProposal).where(PlaceProposal.case_id == case_id).order_by(PlaceProposal.id.desc())
    return session.scalars(query).all()


def draft_count(case_id: int) -> ScalarSelect[int]:
    """How many drafts go with the next request to correct, as a column."""
    drafts = (PlaceProposal.case_id == case_id, PlaceProposal.sent_at.is_(None))
    return select(func.count()).select_from(PlaceProposal).where(*drafts).scalar_subquery()


def draft_of(session: Session, case_id: int, path: str) -> PlaceProposal | None:
    """The draft for a place."""
    return session.scalar(
        select(PlaceProposal).where(
            PlaceProposal.case_id == case_id, PlaceProposal.field == path, PlaceProposal.sent_at.is_(None)
        )
    )


def geometry_at(session: Session, case: Case, path: str) -> Mapping[str, Any] | None:
    """Where a place of the case is now (GeoJSON); None where there is none at that path."""
    answer = answer_at(open_answers(city_of(session), case.answers), path)
    return answer.get("geometry") if isinstance(answer, dict) else None


def judge_proposal(
    session: Session, case: Case, definition: Definition, path: str, geometry: Mapping[str, Any]
) -> tuple[Sizes, list[str]]:
    """The sizes of another geometry for a place, and what the rules object to, in the words of the office."""
    answers = open_answers(city_of(session), case.answers)
    answer = {**answer_at(answers, path), "geometry": geometry}
    answer.pop("contest", None)  # the applicant's words were about their own place
    inspection = inspect_places(
        session, definition, with_answer(answers, path, answer), only=[path], exclude_case=case.id
    )
    return _sizes(inspection.facts.get(path, {})), place_error_messages(inspection, path, "ja")


def save_proposal(
    session: Session,
    case_id: int,
    path: str,
    geometry: Mapping[str, Any] | None,
    notes: Sequence[SpotNote],
    actor: Actor,
    *,
    before: Mapping[str, Any],
    expected_version: int,
) -> PlaceProposal:
    """Keep a draft for a place. `before` is the place, and `expected_version` the number of edits, that the page showed (0: no draft).

    Raises Conflict for a case that has ended or on which is being decided, and where the place or the draft has changed since; Invalid
    (fields `proposal`, `notes`).
    """
    case = _locked(session, case_id)
    definition = definition_of(session, case.version_id)
    if geometry_at(session, case, path) != before:
        raise Conflict("このページを開いたあとに、申請した人が場所を直しました。いまの場所を確かめてください。")
    draft = draft_of(session, case.id, path)
    _refuse_overtaken(draft, expected_version)
    changed = geometry if geometry != before else None
    if changed is None and not notes:
        sentence = "場所の形を変えるか、地点について伝えることを書いてください。"
        raise Invalid(sentence, {"proposal": sentence})
    sizes = judge_proposal(session, case, definition, path, changed)[0] if changed is not None else {}
    content = asdict(
        Proposed(before, changed, [_sound(note) for note in notes], _sizes(case.facts.get(path, {})), sizes)
    )
    if draft is None:
        draft = PlaceProposal(case_id=case.id, field=path, edits=0)
        session.add(draft)
    draft.content, draft.made_at, draft.made_by = content, now(), actor.id
    draft.edits += 1
    session.flush()
    record(session, of_case(case.id), "case.place_drafted", actor, proposal_id=draft.id, field=path)
    return draft


def discard_proposal(session: Session, case_id: int, path: str, actor: Actor, *, expected_version: int) -> None:
    """Delete a draft. Raises Conflict as `save_proposal` does."""
    case = _locked(session, case_id)
    draft = draft_of(session, case.id, path)
    _refuse_overtaken(draft, expected_version)
    if draft is not None:
        record(session, of_case(case.id), "case.place_discarded", actor, proposal_id=draft.id, field=path)
        session.delete(draft)
        session.flush()


def sound_drafts(session: Session, case: Case, definition: Definition) -> Sequence[PlaceProposal]:
    """The drafts of a case that go with a request to correct. Its row must be locked.

    Raises Conflict where a place has changed since, Invalid (field `fields`) where a rule would hold the proposed place back.
    """
    drafts = [row for row in reversed(proposals_of_case(session, case.id)) if row.sent_at is None]
    for draft in drafts:
        proposed = Proposed.stored(draft.content)
        if geometry_at(session, case, draft.field) != proposed.before:
            raise Conflict(
                "場所の直し方の案をつくったあとに、申請した人が場所を直しました。案を見直すか、消してください。"
            )
        faults: list[str] = []
        if proposed.geometry is not None:
            _after, faults = judge_proposal(session, case, definition, draft.field, proposed.geometry)
        if faults:
            raise Invalid(f"場所の直し方の案は、決まりに合いません。{faults[0]}", {"fields": faults[0]})
    return drafts


def send_proposals(session: Session, case: Case, drafts: Sequence[PlaceProposal], actor: Actor) -> None:
    """Give these drafts to the applicant; what was sent before and has no answer ends."""
    moment = now()
    for row in proposals_of_case(session, case.id):
        if row.sent_at is not None and row.outcome is None:
            row.outcome, row.ended_at = "ended", moment
    for draft in drafts:
        draft.sent_at = moment
        record(session, of_case(case.id), "case.place_proposed", actor, proposal_id=draft.id, field=draft.field)
    session.flush()


def with_places(fields: Sequence[str], drafts: Sequence[PlaceProposal]) -> list[str]:
    """Questions to correct, each once, with those whose places are proposed."""
    return list(dict.fromkeys([*fields, *(head_of(draft.field) for draft in drafts)]))


def _locked(session: Session, case_id: int) -> Case:
    case = lock_row(session, Case, Case.id == case_id)
    if case is None or case.closed_at is not None:
        raise Conflict("この案件は終わっているので、場所の直し方の案はつくれません。")
    waiting = select(CaseDecision.id).where(CaseDecision.case_id == case_id, CaseDecision.failure.is_(None))
    if session.scalar(waiting) is not None:
        raise Conflict("この案件の決定を待っています。決定を取り消すか、実行されてから、案を変えてください。")
    return case


def _refuse_overtaken(draft: PlaceProposal | None, expected_version: int) -> None:
    if (draft.edits if draft else 0) != expected_version:
        raise Conflict("場所の直し方の案は、ほかの人が先に変えました。いまの案を確かめてから、もう一度直してください。")


def _sound(note: SpotNote) -> SpotNote:
    text = visible(note.text).replace("\x00", "").strip()
    if holds_my_number(text):
        sentence = "マイナンバー(個人番号)は書かないでください。番号を消してください。"
        raise Invalid(sentence, {"notes": sentence})
    if not text or len(text) > MAX_NOTE:
        sentence = f"地点について伝えることは、{MAX_NOTE}文字までで書いてください。"
        raise Invalid(sentence, {"notes": sentence})
    return SpotNote(list(note.position), text, note.corner)


def _sizes(facts: Mapping[str, Any]) -> dict[str, float]:
    return {name: facts[name] for name in ("area_m2", "length_m") if facts.get(name)}

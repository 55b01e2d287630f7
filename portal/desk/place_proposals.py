"""Proposals for places at the desk: drawn or typed over the applicant's own place, tried by the rules, and all of a case to print."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms import Definition
from forms.fields import FieldError
from forms.fields.place import PlaceField
from geo.sketch import corners, sketch
from portal.cases import Case, open_answers, queries, sight_of
from portal.cases.place_proposals import (
    Proposed,
    discard_proposal,
    draft_of,
    geometry_at,
    judge_proposal,
    proposals_of_case,
    save_proposal,
)
from portal.core.access import allow, right, staff_member
from portal.core.errors import Conflict, NotFound
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import db
from portal.desk.layer_doors import actor
from portal.desk.place_proposal_forms import ProposalForm, draw_place, read_place, typed_place
from portal.desk.rejected_action import RejectedAction, try_action
from portal.desk.viewing import record_look
from portal.identity import list_staff
from portal.maps import base_map_options
from portal.procedures import definition_of
from portal.residents.answers import place_title
from portal.residents.proposal_cards import proposal_card

bp = Blueprint("desk_place_proposals", __name__, url_prefix="/desk/cases/<int:case_id>")
RIGHT = "case.propose_place"


@dataclass(frozen=True)
class _Tried:
    """What a page shows of the place that was drawn: its sizes, and what the rules object to; `errors` are of the drawing itself."""

    geometry: Mapping[str, Any] | None = None
    sizes: Mapping[str, float] | None = None
    faults: Sequence[str] = ()
    errors: Sequence[FieldError] = ()


@bp.get("/place-proposals")
@allow(right("case.read_place"))
def overview(case_id: int) -> str:
    """The places of a case, what was proposed for each, by whom, and what became of it; prints as it stands."""
    case = queries.case_for_staff(db(), case_id, staff_member())
    if not sight_of(staff_member(), case).place:
        raise NotFound
    definition = definition_of(db(), case.version_id)
    rows = proposals_of_case(db(), case.id)
    people = {member.id: member.name for member in list_staff(db())}
    page = render_template(
        "desk/place_proposals.html",
        case=case,
        places=_places(definition, case),
        cards=[(proposal_card(definition, row), people.get(row.made_by or 0, "—")) for row in rows],
        drafts={row.field for row in rows if row.sent_at is None},
        may_propose=staff_member().may(RIGHT, case.department_id) and case.closed_at is None,
        base=base_map_options(current_city(), zoom=17),
    )
    record_look(db(), staff_member(), case=case)
    return page


@bp.get("/place-proposal")
@allow(right(RIGHT))
def edit(case_id: int) -> str:
    """The draft for one place, `place` in the address being its path."""
    case, definition, path, question = _place(case_id)
    page = _page(case, definition, path, question)
    record_look(db(), staff_member(), case=case)
    return page


@bp.post("/place-proposal")
@allow(right(RIGHT))
def act(case_id: int) -> ResponseReturnValue:
    """Try what was drawn, keep it as the draft, or delete the draft."""
    case, definition, path, question = _place(case_id)
    before = geometry_at(db(), case, path) or {}
    form = ProposalForm.with_notes(before, None)
    if form.act.data == "discard":
        rejected = try_action(
            db(), "proposal", lambda: discard_proposal(db(), case.id, path, actor(), expected_version=form.seen_edits)
        )
        return _done(case) if rejected is None else (_page(case, definition, path, question, form, rejected), 409)
    geometry, errors = read_place(question, path)
    if errors or geometry is None:
        errors = errors or [FieldError("place_missing")]
        return _page(case, definition, path, question, form, tried=_Tried(errors=errors)), 422
    sizes, faults = judge_proposal(db(), case, definition, path, geometry)
    tried = _Tried(geometry, sizes, faults)
    if form.act.data != "save":
        return _page(case, definition, path, question, form, tried=tried)

    def keep() -> None:
        if form.before.data != _mark(before):
            raise Conflict(_("このページを開いたあとに、申請した人が場所を直しました。いまの場所を確かめてください。"))
        notes = form.notes(before)
        save_proposal(db(), case.id, path, geometry, notes, actor(), before=before, expected_version=form.seen_edits)

    rejected = try_action(db(), "proposal", keep, form)
    if rejected is None:
        return _done(case)
    return _page(case, definition, path, question, form, rejected, tried), rejected.status


def _place(case_id: int) -> tuple[Case, Definition, str, PlaceField]:
    """A case that goes on, and a place of it. Raises NotFound, Forbidden, Conflict."""
    case = queries.case_for_staff(db(), case_id, staff_member())
    staff_member().require(RIGHT, case.department_id)
    if not sight_of(staff_member(), case).place:
        raise NotFound
    if case.closed_at is not None:
        raise Conflict(_("この案件は終わっているので、場所の直し方の案はつくれません。"))
    definition = definition_of(db(), case.version_id)
    path = request.args.get("place", "")
    if path not in dict(_places(definition, case)):
        raise NotFound(_("この場所は、いまの申請にありません。申請した人が直したのかもしれません。"))
    question = definition.question_at(path)
    assert isinstance(question, PlaceField)  # noqa: S101 - the paths are those of places
    return case, definition, path, question


def _places(definition: Definition, case: Case) -> list[tuple[str, str]]:
    """The places that were answered: path and name, with the row."""
    answers = open_answers(current_city().key, case.answers)
    return [
        (path, f"{place_title(definition, path)} {place.question.label_in('ja')}".strip())
        for path, place in definition.places_in(answers).items()
        if isinstance(place.value, dict)
    ]


def _page(
    case: Case,
    definition: Definition,
    path: str,
    question: PlaceField,
    form: ProposalForm | None = None,
    rejected: RejectedAction | None = None,
    tried: _Tried = _Tried(),
) -> str:
    before = geometry_at(db(), case, path) or {}
    draft = draft_of(db(), case.id, path)
    proposed = Proposed.stored(draft.content) if draft else None
    if form is None:
        form = ProposalForm.with_notes(before, proposed)
        form.seen.data, form.before.data = str(draft.edits if draft else 0), _mark(before)
        if proposed and proposed.geometry is not None:
            sizes, faults = judge_proposal(db(), case, definition, path, proposed.geometry)
            tried = _Tried(proposed.geometry, sizes, faults)
    shown = tried.geometry or before
    drawn = sketch([before] if shown == before else [before, shown], [], current_city().plane)
    facts = case.facts.get(path, {})
    return render_template(
        "desk/place_proposal.html",
        case=case,
        path=path,
        title=dict(_places(definition, case))[path],
        question=draw_place(question, path, typed_place(question, path, shown), tried.errors),
        drawn=drawn,
        numbered=drawn.shapes[0].labels(len(corners(before))),
        tried=tried,
        before_sizes=facts,
        overtaken=proposed is not None and proposed.before != before,
        draft=draft,
        form=form,
        rejected=rejected,
        summary=[(name, words) for name, words in (rejected.faults.items() if rejected else ()) if name in form],
    )


def _done(case: Case) -> ResponseReturnValue:
    return redirect(url_for("desk_place_proposals.overview", case_id=case.id), 303)


def _mark(geometry: Mapping[str, Any]) -> str:
    """What tells a place from others."""
    return hashlib.sha256(json.dumps(geometry, sort_keys=True).encode()).hexdigest()[:16]

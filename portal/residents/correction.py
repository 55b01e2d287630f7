"""Answering the office: only the questions it asked about, filled with what was sent, to be mended and sent back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forms import Definition, Evaluation, Step, evaluate, inputs_of, read_step
from forms.fields.file import Files
from portal import files
from portal.cases import messages
from portal.cases.answers import open_answers
from portal.cases.corrections import answer_correction, asked_fields
from portal.cases.models import CaseFile
from portal.core.access import PUBLIC, allow
from portal.core.errors import Conflict, Invalid
from portal.core.tenancy import current_city
from portal.core.text import _, current_language
from portal.core.web import db
from portal.procedures.definitions import definition_of
from portal.residents import own, place_maps
from portal.residents.blueprint import bp
from portal.residents.posted import posted, receive
from portal.residents.questions import Questions, saved_questions

Answer = str | Response | tuple[str, int]


@dataclass
class Correction:
    """A case that waits for its applicant, and the questions that the office wants mended."""

    case: CaseFile
    definition: Definition
    asked: frozenset[str]
    answers: dict[str, Any]
    errors: dict[str, list[str]] = field(default_factory=dict)
    typed: dict[str, str | list[str]] = field(default_factory=dict)

    @property
    def submitted(self) -> date:
        """The day by which the answers are judged."""
        return self.case.submitted_on

    @property
    def outcome(self) -> Evaluation:
        """What follows from the answers as they are."""
        return evaluate(
            self.definition,
            self.answers,
            self.case.facts,
            today=self.submitted,
            language=current_language(),
            city=current_city(),
        )

    @property
    def steps(self) -> list[Step]:
        """The pages of the form that have a question to mend."""
        return [step for step in self.definition.steps if any(one.id in self.asked for one in step.fields)]

    def files(self) -> dict[str, Any]:
        """The files an answer may refer to: those handed in, and those added since."""
        stored = files.files_of_case(db(), self.case.id)
        if self.case.draft_id is not None:
            stored += files.files_of_draft(db(), self.case.draft_id)
        return {one.public_id: files.reference(one) for one in stored}

    def questions(self) -> list[Questions]:
        """The questions to show, page by page: as typed where something was, else as sent."""
        outcome, known = self.outcome, self.files()
        shown = []
        for step in self.steps:
            more: dict[str, Any] = {"files": known, "only": self.asked, "draw_map": place_maps.drawer(None)}
            ids = {one.id for one in step.fields}
            if self.typed:
                typed = {name: text for name, text in self.typed.items() if name.split(".")[0] in ids}
                errors = {path: words for path, words in self.errors.items() if path.split(".")[0] in ids}
                shown.append(Questions(self.definition, step, outcome, typed, errors, **more))
            else:
                shown.append(saved_questions(self.definition, step, outcome, self.answers, **more))
        return [one for one in shown if one.visible]


@bp.get("/me/cases/<public_id>/correction")
@allow(PUBLIC)
def correction(public_id: str) -> Answer:
    """The questions to mend."""
    return _page(_open(public_id))


@bp.post("/me/cases/<public_id>/correction")
@allow(PUBLIC)
def send_correction(public_id: str) -> Answer:
    """Send the mended answers back to the office."""
    mending = _open(public_id, lock=True)
    form = posted()
    before = set(mending.files())
    refused = _take_files(mending, form)
    _read(mending, form)
    mending.errors |= refused
    if mending.errors or "add_row" in request.form or "remove_row" in request.form:
        return _page(mending), 422 if mending.errors else 200
    try:
        answer_correction(
            db(),
            mending.case,
            mending.definition,
            mending.answers,
            own.actor(mending.case),
            note=request.form.get("note", "")[:2000] or None,
            new_files=sorted(_named(form) - before | _waiting(mending, form)),
        )
    except Invalid as fault:
        mending.errors = {path: [sentence] for path, sentence in fault.fields.items()}
        return _page(mending), 422
    return redirect(url_for("residents.case", public_id=public_id), 303)


def _open(public_id: str, *, lock: bool = False) -> Correction:
    case = own.case(db(), public_id, lock=lock)
    if case.status != "fix":
        raise Conflict(_("いま、直すところはありません。"))
    definition = definition_of(db(), case.version_id)
    asked = frozenset(asked_fields(db(), case, definition))
    return Correction(case, definition, asked, open_answers(current_city().key, case.answers))


def _read(mending: Correction, form: Mapping[str, list[str]]) -> None:
    """Read the asked questions; the others keep their answers."""
    known = mending.files()
    for step in mending.steps:
        kept = inputs_of(mending.definition, step.id, mending.answers)
        texts = {name: _listed(text) for name, text in kept.items() if name.split(".")[0] not in mending.asked}
        texts |= {name: values for name, values in form.items() if name.split(".")[0] in mending.asked}
        reading = read_step(
            mending.definition,
            step.id,
            texts,
            mending.answers,
            mending.case.facts,
            today=mending.submitted,
            language=current_language(),
            files=known,
            city=current_city(),
        )
        mending.answers = reading.answers
        mending.typed |= reading.raw
        mending.errors |= {path: words for path, words in reading.errors.items() if path.split(".")[0] in mending.asked}


def _take_files(mending: Correction, form: dict[str, list[str]]) -> dict[str, list[str]]:
    refused: dict[str, list[str]] = {}
    for field_id in mending.asked:
        asked = mending.definition.fields[field_id]
        if isinstance(asked, Files) and mending.case.draft_id is not None:
            sentences = receive(db(), mending.case.draft_id, asked, form)
            if sentences:
                refused[field_id] = sentences
    return refused


def _named(form: Mapping[str, list[str]]) -> set[str]:
    """Every file that the form refers to."""
    return {one for name, values in form.items() if name.endswith(".files") for one in values}


def _waiting(mending: Correction, form: Mapping[str, list[str]]) -> set[str]:
    """Files of an earlier try that the form still refers to: they were added, but not handed in yet."""
    if mending.case.draft_id is None:
        return set()
    added = {one.public_id for one in files.files_of_draft(db(), mending.case.draft_id)}
    return added & _named(form)


def _listed(text: str | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def _page(mending: Correction) -> str:
    asks = [one for one in messages.messages_of(db(), mending.case.id) if one.sender == "staff"]
    parts = mending.questions()
    return render_template(
        "residents/correction.html",
        case=mending.case,
        definition=mending.definition,
        asks=asks[-1] if asks else None,
        parts=parts,
        summary=[entry for part in parts for entry in part.summary],
        note=request.form.get("note", ""),
    )

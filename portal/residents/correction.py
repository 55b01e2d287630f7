"""Answering the office: only the questions it asked about, filled with what was sent, to be mended and sent back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forms import Definition, Evaluation, Step, evaluate, inputs_of, read_step
from forms.fields.file import Files
from forms.fields.rendering import FileLinks
from forms.text.messages import message
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
from portal.files.models import StoredFile
from portal.procedures.definitions import definition_of
from portal.residents import own, place_maps
from portal.residents.blueprint import bp
from portal.residents.posted import posted, stays_for_files
from portal.residents.questions import Questions, saved_questions
from portal.residents.uploads import Taking, pressed_to_remove, take_all

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

    @cached_property
    def handed_in(self) -> list[StoredFile]:
        """The files of the case."""
        return files.files_of_case(db(), self.case.id)

    @cached_property
    def added(self) -> list[StoredFile]:
        """The files chosen since the case was sent, which belong to it when the answer is sent."""
        if self.case.draft_id is None:
            return []
        stored = files.files_of_draft(db(), self.case.draft_id)
        return [file for file in stored if file.uploaded_at >= self.case.submitted_at]

    def files(self) -> dict[str, Any]:
        """The files an answer may refer to: those handed in, and those added since."""
        return {file.public_id: files.reference(file) for file in (*self.handed_in, *self.added)}

    def forget_added(self) -> None:
        """Read the added files again at the next use."""
        self.__dict__.pop("added", None)

    def kept(self, asked: Files, named: Collection[str]) -> list[StoredFile]:
        """The files of a question: those handed in that the page still names, and every one that was added since."""
        return [file for file in self.handed_in if file.field == asked.id and file.public_id in named] + [
            file for file in self.added if file.field == asked.id
        ]

    def kept_now(self, asked: Files, named: Collection[str]) -> list[StoredFile]:
        """The same, read again."""
        self.forget_added()
        return self.kept(asked, named)

    @property
    def file_questions(self) -> list[Files]:
        """The questions to mend that take files."""
        return [
            asked for asked in self.definition.fields.values() if isinstance(asked, Files) and asked.id in self.asked
        ]

    @property
    def file_links(self) -> FileLinks:
        """Where files are looked at, added and taken out."""
        public_id = self.case.public_id
        page = url_for("residents.correction", public_id=public_id)
        return FileLinks(
            file=lambda file_id: url_for("residents.correction_file", public_id=public_id, file_id=file_id),
            thumbnail=lambda file_id: url_for("residents.correction_thumbnail", public_id=public_id, file_id=file_id),
            add=lambda field_id: f"{page}/files/{field_id}",
            remove=lambda field_id: f"{page}/files/{field_id}/remove",
            page=page,
        )

    def questions(self) -> list[Questions]:
        """The questions to show, page by page: as typed where something was, else as sent."""
        outcome, known = self.outcome, self.files()
        shown = []
        for step in self.steps:
            more: dict[str, Any] = {
                "files": known,
                "only": self.asked,
                "draw_map": place_maps.drawer(None),
                "file_links": self.file_links,
            }
            ids = {one.id for one in step.fields}
            if self.typed:
                typed = {name: text for name, text in self.typed.items() if name.split(".")[0] in ids}
                errors = {path: words for path, words in self.errors.items() if path.split(".")[0] in ids}
                shown.append(Questions(self.definition, step, outcome, typed, errors, **more))
            else:
                saved = saved_questions(self.definition, step, outcome, self.answers, **more)
                saved.typed = dict(saved.typed) | self._names_of_files(ids)
                shown.append(saved)
        return [one for one in shown if one.visible]

    def _names_of_files(self, ids: Collection[str]) -> dict[str, str | list[str]]:
        """What the page names for the questions that take files: what was answered, and what was added since."""
        named = {}
        for asked in self.file_questions:
            if asked.id in ids:
                answered = {file["id"] for file in self.answers.get(asked.id) or ()}
                named[f"{asked.id}.files"] = [file.public_id for file in self.kept(asked, answered)]
        return {name: list(file_ids) for name, file_ids in named.items() if file_ids}


@bp.get("/me/cases/<public_id>/correction")
@allow(PUBLIC)
def correction(public_id: str) -> Answer:
    """The questions to mend."""
    return _page(open_correction(public_id))


@bp.post("/me/cases/<public_id>/correction")
@allow(PUBLIC)
def send_correction(public_id: str) -> Answer:
    """Send the mended answers back to the office."""
    mending = open_correction(public_id, lock=True)
    form = posted()
    taking = _take_files(mending, form)
    _read(mending, form)
    stays = stays_for_files() or "add_row" in request.form or "remove_row" in request.form
    mending.errors = ({} if stays else mending.errors) | taking.refused
    if mending.errors or stays:
        return _page(mending), taking.status if taking.refused else 422 if mending.errors else 200
    try:
        answer_correction(
            db(),
            mending.case,
            mending.definition,
            mending.answers,
            own.actor(mending.case),
            note=request.form.get("note", "")[:2000] or None,
            new_files=_to_hand_in(mending),
        )
    except Invalid as fault:
        mending.errors = {path: [sentence] for path, sentence in fault.fields.items()}
        return _page(mending), 422
    return redirect(url_for("residents.case", public_id=public_id), 303)


def open_correction(public_id: str, *, lock: bool = False) -> Correction:
    """The visitor's case, while the office waits for its answer. Raises NotFound, and Conflict when it does not."""
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


def _take_files(mending: Correction, form: dict[str, list[str]]) -> Taking:
    """Take out what a button says, store what was sent with the page, and let the form name what is there now."""
    taking = Taking()
    removed = pressed_to_remove()
    for asked in mending.file_questions:
        gone = {file_id for field_id, file_id in removed if field_id == asked.id}
        named = {file_id for file_id in form.get(f"{asked.id}.files", []) if file_id} - gone
        if named - set(mending.files()):
            taking.refuse(asked, message("file_gone", current_language()))
        for file_id in gone:
            take_out(mending, asked, file_id)
        if mending.case.draft_id is not None:
            take_all(db(), mending.case.draft_id, asked, taking, there=partial(mending.kept_now, asked, named))
            mending.forget_added()
        form[f"{asked.id}.files"] = [file.public_id for file in mending.kept(asked, named)]
    return taking


def take_out(mending: Correction, asked: Files, file_id: str) -> StoredFile | None:
    """Take a file out of the answer: one that was added since is gone, one handed in is only not named any more. The case is locked."""
    for file in mending.added:
        if file.public_id == file_id and file.field == asked.id and mending.case.draft_id is not None:
            removed = files.remove(db(), mending.case.draft_id, file_id)
            mending.forget_added()
            return removed
    return next((file for file in mending.handed_in if file.public_id == file_id), None)


def _to_hand_in(mending: Correction) -> list[str]:
    """The files that were added and stand in the answers now."""
    added = {file.public_id for file in mending.added}
    answered = [file["id"] for asked in mending.file_questions for file in mending.answers.get(asked.id) or ()]
    return [file_id for file_id in answered if file_id in added]


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

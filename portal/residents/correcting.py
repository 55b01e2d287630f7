"""A correction as its page needs it: the questions that are open, read from what was posted or from what was kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from forms import Definition, Evaluation, Step, StepReading, as_form, evaluate, inputs_of, read_step
from forms.fields.file import Files
from forms.fields.rendering import FileLinks
from portal import files
from portal.cases.answers import open_answers
from portal.cases.correction_drafts import SavedCorrection, correction_draft_of
from portal.cases.corrections import requested_fields
from portal.cases.models import Case
from portal.core.database import city_of
from portal.core.errors import Conflict
from portal.core.tenancy import current_city
from portal.core.text import _, current_language
from portal.core.web import db
from portal.files.models import StoredFile
from portal.procedures.definitions import definition_of
from portal.residents import own, place_maps
from portal.residents.questions import Errors, Questions, questions_read

Form = Mapping[str, list[str]]
_MAX_NOTE = 2000


@dataclass
class Correction:
    """A case that waits for its applicant, with its answers as corrected so far.

    `asked` are the questions that the office named. `typed` is what was typed and is not sent yet, `note` the words to the
    office, `taken_out` the files handed in that are no longer part of the answer. `readings` has each page as it was last read,
    `answered` the questions that were read from a form.
    """

    session: Session
    case: Case
    definition: Definition
    asked: frozenset[str]
    answers: dict[str, Any]
    typed: SavedCorrection | None
    note: str
    taken_out: frozenset[str]
    errors: dict[str, list[str]] = field(default_factory=dict)
    readings: dict[str, StepReading] = field(default_factory=dict)
    answered: frozenset[str] = frozenset()

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

    @cached_property
    def open(self) -> frozenset[str]:
        """The questions that can be answered: those asked about, and those that did not show before and so have no answer yet."""
        before = self.outcome
        return self.asked | {field_id for field_id in self.definition.fields if not before.is_visible(field_id)}

    @property
    def steps(self) -> list[Step]:
        """The pages of the form that have an open question."""
        return [step for step in self.definition.steps if any(one.id in self.open for one in step.fields)]

    @property
    def handed_in(self) -> list[StoredFile]:
        """The files that were sent with the answers of the case and are still part of them."""
        return [file for file in self._sent_files if file.public_id not in self.taken_out]

    @cached_property
    def _sent_files(self) -> list[StoredFile]:
        asked = (question for question in self.definition.fields.values() if isinstance(question, Files))
        sent = open_answers(city_of(self.session), self.case.answers)
        named = {file["id"] for question in asked for file in sent.get(question.id) or ()}
        return [file for file in files.files_of_case(self.session, self.case.id) if file.public_id in named]

    @cached_property
    def added(self) -> list[StoredFile]:
        """The files chosen since the case was sent, which belong to it when the answer is sent."""
        if self.case.draft_id is None:
            return []
        stored = files.files_of_draft(self.session, self.case.draft_id)
        return [file for file in stored if file.uploaded_at >= self.case.submitted_at]

    def files(self) -> dict[str, Any]:
        """The files an answer may refer to: those handed in, and those added since."""
        return {file.public_id: files.reference(file) for file in (*self.handed_in, *self.added)}

    def forget_added(self) -> None:
        """Read the added files again at the next use."""
        self.__dict__.pop("added", None)

    def kept(self, asked: Files) -> list[StoredFile]:
        """The files of a question: those handed in that were not taken out, and those added since."""
        return [file for file in (*self.handed_in, *self.added) if file.field == asked.id]

    def kept_now(self, asked: Files) -> list[StoredFile]:
        """The same, read again."""
        self.forget_added()
        return self.kept(asked)

    def take_out(self, asked: Files, file_id: str) -> StoredFile | None:
        """Take a file out of the answer: one added since is gone, one handed in stays with the case. The case is locked."""
        for file in self.added:
            if file.public_id == file_id and file.field == asked.id and self.case.draft_id is not None:
                removed = files.remove(self.session, self.case.draft_id, file_id)
                self.forget_added()
                return removed
        for file in self.handed_in:
            if file.public_id == file_id and file.field == asked.id:
                self.taken_out |= {file_id}
                return file
        return None

    @property
    def file_questions(self) -> list[Files]:
        """The open questions that take files."""
        return [
            asked for asked in self.definition.fields.values() if isinstance(asked, Files) and asked.id in self.open
        ]

    @property
    def to_hand_in(self) -> list[str]:
        """The files that were added and stand in the answers now."""
        added = {file.public_id for file in self.added}
        answered = [file["id"] for asked in self.file_questions for file in self.answers.get(asked.id) or ()]
        return [file_id for file_id in answered if file_id in added]

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

    def read_kept(self) -> None:
        """Read the open questions from what was kept of them."""
        typed = self.typed or SavedCorrection()
        self._read_all(as_form(typed.texts), typed.answered | {asked.id for asked in self.file_questions})

    def read_posted(self, form: Form, on_page: frozenset[str], *, note: str) -> None:
        """Read the open questions from a posted form; `on_page` are the conditional ones that the page showed."""
        self.note = note[:_MAX_NOTE]
        self._read_all(form, self.asked | on_page | {_head(name) for name in form})

    def _read_all(self, form: Form, answered: frozenset[str]) -> None:
        """Read the `answered` ones among the open questions from a form; the others keep their answers.

        An answer that brings a question of another page into what is wrong opens that one as well, so that there is always
        a box to fix it in.
        """
        before = self.answers
        # whatever a page that was opened earlier, or on another device, still names
        files_now = {
            f"{asked.id}.files": [file.public_id for file in self.kept(asked)] for asked in self.file_questions
        }
        form = {**form, **files_now}
        self._read(form, answered)
        faulty = {path.split(".")[0] for path in self.outcome.errors} & self.definition.fields.keys()
        if faulty - self.open:
            self.answers = before
            self.__dict__["open"] = self.open | faulty
            self._read(form, answered)
        self.answered = answered & self.open

    def _read(self, form: Form, answered: frozenset[str]) -> None:
        known, taken = self.files(), answered & self.open
        for step in self.steps:
            saved = as_form(inputs_of(self.definition, step.id, self.answers))
            texts = {name: values for name, values in saved.items() if _head(name) not in taken}
            texts |= {name: list(values) for name, values in form.items() if _head(name) in taken}
            reading = read_step(
                self.definition,
                step.id,
                texts,
                self.answers,
                self.case.facts,
                today=self.submitted,
                language=current_language(),
                on_page=taken,
                files=known,
                city=current_city(),
            )
            self.readings[step.id] = reading
            self.answers = dict(reading.answers)

    def as_typed(self) -> SavedCorrection:
        """What stands in the questions now, to be kept."""
        texts = {
            name: text
            for reading in self.readings.values()
            for name, text in reading.raw.items()
            if _head(name) in self.answered
        }
        return SavedCorrection(texts, self.answered, self.note, self.taken_out)

    def faults(self) -> dict[str, list[str]]:
        """What reading objects to in questions that can be answered here, and in their pages as a whole."""
        outcome = self.outcome
        return {
            path: sentences
            for step in self.steps
            for path, sentences in self.readings[step.id].errors.items()
            if path.split(".")[0] in {*self.open, "checks"}
            and (path.startswith("checks.") or outcome.is_visible(_head(path)))
        }

    def appeared(self, on_page: frozenset[str]) -> bool:
        """Whether all that is left to fix are questions that the page did not show yet (it was sent without a script)."""
        fields = self.definition.fields
        new = {name for name in self.open - self.asked if fields[name].show_when and name not in on_page}
        return bool(self.errors) and all(_head(path) in new for path in self.errors)

    def questions(self, errors: Errors) -> list[Questions]:
        """The questions to show, page by page, as they were last read."""
        outcome, known = self.outcome, self.files()
        shown = []
        for step in self.steps:
            ids = {one.id for one in step.fields} | {f"checks.{step.id}"}
            own_errors = {path: words for path, words in errors.items() if {path, _head(path)} & ids}
            shown.append(
                questions_read(
                    self.definition,
                    step,
                    outcome,
                    self.readings[step.id],
                    own_errors,
                    files=known,
                    only=self.open,
                    draw_map=place_maps.drawer(None),
                    file_links=self.file_links,
                )
            )
        return shown


def open_correction(public_id: str, *, lock: bool = False) -> Correction:
    """The visitor's case of that id with what was typed into its correction. Raises NotFound, and Conflict if none is due."""
    session = db()
    case = own.case(session, public_id, lock=lock)
    if case.status != "fix":
        raise Conflict(_("いま、直すところはありません。"))
    return correction_of(session, case)


def correction_of(session: Session, case: Case) -> Correction:
    """The correction of a case that waits for one, with what was typed into it."""
    definition = definition_of(session, case.version_id)
    asked = frozenset(requested_fields(session, case, definition))
    typed = correction_draft_of(session, case)
    answers = open_answers(city_of(session), case.answers)
    kept = typed or SavedCorrection()
    return Correction(session, case, definition, asked, answers, typed, kept.note, kept.taken_out)


def _head(path: str) -> str:
    return path.split(".", 1)[0]

"""The correction of a case: the questions that are open, read from what was posted or from what was kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from forms import Step, StepReading, as_form, inputs_of
from forms.evaluation.scope import facts_after
from forms.fields import FieldType
from forms.fields.file_links import FileLinks
from forms.fields.path import FieldPath, head_of
from portal import files
from portal.bookings import Holder
from portal.cases import (
    Case,
    CityFeatures,
    PlacesInquiry,
    correction_drafts,
    file_ids,
    free_slots,
    open_answers,
    requested_fields,
)
from portal.cases.place_proposals import proposals_of_case
from portal.cases.places import place_facts
from portal.core.database import city_of
from portal.core.errors import Conflict
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import db
from portal.files import Accepted, StoredFile
from portal.procedures import definition_of
from portal.residents import place_maps, visitor_access
from portal.residents.application import Application
from portal.residents.availability import Choice, counts_places, rests_of
from portal.residents.file_slots import FileSlot, Form
from portal.residents.place_finding import finder
from portal.residents.questions import Errors, Questions, questions_read

_MAX_NOTE = 2000


@dataclass
class Correction(Application):
    """The answers of a case that waits for its applicant, as corrected so far. Its pages are one page, of the open questions alone.

    `requested` are the questions that the office named. `kept` is what was stored of the correction and is not sent yet, `note` the
    text to the office, `taken_out` the files handed in that are no longer part of the answer. `readings` has each page as it was
    last read, `answered` the questions that were read from a form.
    """

    case: Case
    requested: frozenset[str]
    kept: correction_drafts.SavedCorrection | None
    note: str
    taken_out: frozenset[str]
    errors: dict[str, list[str]] = field(default_factory=dict)
    readings: dict[str, StepReading] = field(default_factory=dict)
    answered: frozenset[str] = frozenset()
    map_facts: Mapping[str, Any] | None = None

    @property
    def day(self) -> date:
        """The day on which the case was sent."""
        return self.case.submitted_on

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the map says of the places: as it did when the answers were last sent, but for those that were changed since."""
        return self.case.facts if self.map_facts is None else self.map_facts

    @property
    def features(self) -> CityFeatures:
        """The features of the map, with those that were sent as they were then."""
        return CityFeatures(self.session, kept=open_answers(city_of(self.session), self.case.answers))

    @cached_property
    def open(self) -> frozenset[str]:
        """The questions that can be answered: those requested, and those that did not show before and so have no answer yet."""
        before = self.outcome
        return self.requested | {field_id for field_id in self.definition.fields if not before.is_visible(field_id)}

    @property
    def steps(self) -> list[Step]:
        """The pages of the form that have an open question."""
        return [step for step in self.definition.steps if any(question.id in self.open for question in step.fields)]

    def list_files(self) -> list[StoredFile]:
        """Read the files that were sent with the answers and are still part of them, and those chosen since, in their order."""
        return files.in_order([*self._handed_in(), *self._added()])

    def _handed_in(self) -> list[StoredFile]:
        sent = open_answers(city_of(self.session), self.case.answers)
        answered = file_ids(self.definition, sent) - self.taken_out
        return [file for file in files.files_of_case(self.session, self.case.id) if file.public_id in answered]

    def _added(self) -> list[StoredFile]:
        """The files chosen since the case was sent, which belong to it when the answer is sent."""
        if self.case.draft_id is None:
            return []
        stored = files.files_of_draft(self.session, self.case.draft_id)
        return [file for file in stored if file.uploaded_at >= self.case.submitted_at]

    def store(self, slot: FileSlot, accepted: Accepted, others: Sequence[StoredFile]) -> StoredFile:
        """Keep a file with the draft that the case was made from, until the answer is sent."""
        return self.store_with(self.case.draft_id, slot, accepted, others)

    def take_out(self, slot: FileSlot, file_id: str) -> StoredFile | None:
        """Delete a file that was added; one that was handed in stays with the case. The case is locked."""
        self.forget_files()
        for file in self.stored_files:
            if file.public_id == file_id and file.field == slot.field:
                if file.case_id is None and self.case.draft_id is not None:
                    files.remove(self.session, self.case.draft_id, file_id)
                else:
                    self.taken_out |= {file_id}
                self.forget_files()
                return file
        return None

    def questions_of(self, step: Step) -> list[FieldType]:
        """The questions of a page that are open."""
        return [question for question in step.fields if question.id in self.open]

    def saved_inputs(self, step: Step) -> Mapping[str, str | list[str]]:
        """What was kept of the correction, else what was sent."""
        sent = inputs_of(self.definition, step.id, self.answers)
        if self.kept is None:
            return sent
        unchanged = {name: text for name, text in sent.items() if head_of(name) not in self.kept.answered}
        return unchanged | dict(self.kept.texts)

    def file_slots(self, form: Form) -> list[FileSlot]:
        """Where the open questions take files."""
        return [slot for step in self.steps for slot in self.file_slots_of(step, form)]

    def with_files(self, slot: FileSlot, file_ids: list[str]) -> correction_drafts.SavedCorrection:
        """What was kept, with these files in a row, so that it is known to which row they belong."""
        kept = self.kept or correction_drafts.SavedCorrection()
        if not slot.in_row:
            return kept
        group = head_of(slot.path)
        inputs = self.saved_inputs(self.definition.step_of(group))
        texts = {name: text for name, text in inputs.items() if head_of(name) == group}
        return replace(
            kept,
            texts={**kept.texts, **texts, f"{slot.path}.files": file_ids},
            answered=kept.answered | {group},
        )

    @property
    def to_hand_in(self) -> list[str]:
        """The ids of files that were added and are part of the answers now."""
        added = {file.public_id for file in self.stored_files if file.case_id is None}
        return sorted(file_ids(self.definition, self.answers) & added)

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
            move=lambda field_id: f"{page}/files/{field_id}/move",
            page=page,
            notes=self.file_notes,
            handed_in=frozenset(file.public_id for file in self._handed_in()),
        )

    def read_kept(self) -> None:
        """Read the open questions from what was kept of them."""
        kept = self.kept or correction_drafts.SavedCorrection()
        plain = {slot.path for slot in self.file_slots({})}
        self._read_all(as_form(kept.texts), kept.answered | plain)

    def read_posted(self, form: Form, on_page: frozenset[str], *, note: str) -> None:
        """Read the open questions from a posted form; `on_page` are the conditional ones that the page showed."""
        self.note = note[:_MAX_NOTE]
        self._read_all(form, self.requested | on_page | {head_of(name) for name in form})

    def _read_all(self, form: Form, answered: frozenset[str]) -> None:
        """Read the `answered` ones among the open questions from a form; the others keep their answers.

        An answer that brings a question of another page into what is wrong opens that one as well, so that there is always
        a box to fix it in.
        """
        before = self.answers
        self._read(form, answered)
        if self._ask_map(before):
            self._read(form, answered)
        faulty = {head_of(path) for path in self.outcome.errors} & self.definition.fields.keys()
        if faulty - self.open:
            self.take_over(before, self.typed)
            self.__dict__["open"] = self.open | faulty
            self._read(form, answered)
        self.answered = answered & self.open

    def _ask_map(self, before: Mapping[str, Any]) -> bool:
        """Ask the map about places that were changed; whether there were any, so that what follows from them can be read."""
        sound = {name: rows for reading in self.readings.values() for name, rows in reading.sound.items()}
        given = {**self.answers, **sound}
        places = {path: place for path, place in self.definition.places_in(given).items() if place.value is not None}
        known = facts_after(self.definition, self.facts, before, given)
        changed = {
            path
            for path, place in places.items()
            if path not in known or (place.row is None and place.value != before.get(path))
        }
        if changed:
            self.map_facts = {**known, **place_facts(self.session, self.definition, given, changed)}
            self.take_over(given, self.typed)
        return bool(changed)

    def _read(self, form: Form, answered: frozenset[str]) -> None:
        taken = answered & self.open
        for step in self.steps:
            saved = as_form(inputs_of(self.definition, step.id, self.answers))
            texts = {name: values for name, values in saved.items() if head_of(name) not in taken}
            texts |= {name: list(values) for name, values in form.items() if head_of(name) in taken}
            reading = self.read(step, texts, on_page=taken)
            self.readings[step.id] = reading
            self.take_over(reading.answers, self.typed)

    def as_typed(self) -> correction_drafts.SavedCorrection:
        """What is in the questions now, to be kept."""
        texts = {
            name: text
            for reading in self.readings.values()
            for name, text in reading.raw.items()
            if head_of(name) in self.answered
        }
        return correction_drafts.SavedCorrection(texts, self.answered, self.note, self.taken_out)

    def faults(self) -> dict[str, list[str]]:
        """What reading objects to in questions that can be answered here, and in their pages as a whole."""
        outcome = self.outcome
        return {
            path: sentences
            for step in self.steps
            for path, sentences in self.readings[step.id].errors.items()
            if head_of(path) in {*self.open, "checks"}
            and (FieldPath.parse(path).step or outcome.is_visible(head_of(path)))
        }

    @property
    def named(self) -> list[FieldType]:
        """The questions that the office named, in the order of the form; none where it asks to look over everything."""
        if self.requested >= self.definition.fields.keys():
            return []
        return [
            question
            for question in self.definition.fields.values()
            if question.id in self.requested and question.is_question and self.outcome.is_visible(question.id)
        ]

    @property
    def left_unchanged(self) -> list[FieldType]:
        """Those of them that still stand as they were sent, a picture that was to be replaced among them."""
        sent = open_answers(city_of(self.session), self.case.answers)
        return [question for question in self.named if self.answers.get(question.id) == sent.get(question.id)]

    @property
    def says_nothing(self) -> bool:
        """Whether no answer differs from what was sent, no file was added, and nothing was written to the office."""
        sent = open_answers(city_of(self.session), self.case.answers)
        return self.answers == sent and not self.to_hand_in and not self.note.strip()

    def appeared(self, on_page: frozenset[str]) -> bool:
        """Whether all that is left to fix are questions that the page did not show yet (it was sent without a script)."""
        fields = self.definition.fields
        new = {name for name in self.open - self.requested if fields[name].show_when and name not in on_page}
        return bool(self.errors) and all(head_of(path) in new for path in self.errors)

    def questions(self, errors: Errors, searches: Mapping[str, str] | None = None) -> list[Questions]:
        """The questions to show, page by page, as they were last read. `searches`: what was typed to look for options, by question."""
        shown = []
        for step in self.steps:
            ids = {question.id for question in step.fields} | {str(FieldPath.of_check(step.id))}
            own_errors = {path: sentences for path, sentences in errors.items() if {path, head_of(path)} & ids}
            rests = rests_of(self.session, self._limited_choices(step))
            shown.append(
                questions_read(
                    self.definition,
                    step,
                    self.outcome,
                    self.readings[step.id],
                    own_errors,
                    files=self.files,
                    only=self.open,
                    requested=self.requested,
                    draw_map=place_maps.drawer(None),
                    find_places=finder(),
                    file_links=self.file_links,
                    searches=searches or {},
                    rests=rests.words,
                    full_days=rests.full_days,
                    search_url=url_for("residents.correction_options", public_id=self.case.public_id),
                    free_slots=lambda question: free_slots(
                        self.session, question, self.answers, Holder(case_id=self.case.id)
                    ),
                )
            )
        return shown

    def _limited_choices(self, step: Step) -> list[Choice]:
        """The open questions of a page by which places are limited; what the case has is free to it."""
        if not self.definition.capacity:
            return []
        inquiry = PlacesInquiry(
            self.case.procedure_key,
            self.definition,
            Holder(case_id=self.case.id),
            self.answers,
            self.facts,
            self.day,
            current_city(),
        )
        return [(inquiry, question, question.id) for question in self.questions_of(step) if counts_places(question)]


def open_correction(public_id: str, *, lock: bool = False) -> Correction:
    """The visitor's case of that id with what was typed into its correction. Raises NotFound, and Conflict if none is due."""
    session = db()
    case = visitor_access.case(session, public_id, lock=lock)
    if case.status != "fix" and any(row.sent_at for row in proposals_of_case(session, case.id)):
        raise Conflict(_("この手続きは、もう直しを待っていません。市役所の場所の案は、使えません。"))
    if case.status != "fix":
        raise Conflict(_("いま、直すところはありません。"))
    return correction_of(session, case)


def correction_of(session: Session, case: Case) -> Correction:
    """The correction of a case that waits for one, with what was typed into it."""
    definition = definition_of(session, case.version_id)
    requested = frozenset(requested_fields(session, case, definition))
    kept = correction_drafts.correction_draft_of(session, case)
    answers = open_answers(city_of(session), case.answers)
    note, taken_out = (kept.note, kept.taken_out) if kept else ("", frozenset[str]())
    return Correction(session, definition, answers, {}, case, requested, kept, note, taken_out)

"""What a resident fills in, as every page of a form needs it: an application before it is sent, or the correction of a case."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from forms import Definition, Evaluation, Step, StepReading, as_form, evaluate, inputs_of, read_step
from forms.fields import FieldType
from forms.fields.path import head_of
from forms.fields.shown import ShownPlace
from portal import files
from portal.cases import CityFeatures
from portal.core.clock import today
from portal.core.errors import Conflict
from portal.core.tenancy import current_city
from portal.core.text import _, current_language
from portal.files import Accepted, StoredFile
from portal.residents.file_slots import FileSlot, Form, files_in_rows, plain_slots, row_slots, slots_in_form
from portal.residents.known_places import known_places


@dataclass
class Application(ABC):
    """Answers on their way to the office, with the definition that asks for them.

    `answers` are valid; `typed` is what was typed beside them, by the full name of its input.
    """

    session: Session
    definition: Definition
    answers: dict[str, Any]
    typed: dict[str, Any]

    @property
    @abstractmethod
    def day(self) -> date:
        """The day by which the answers are judged."""

    @property
    @abstractmethod
    def facts(self) -> Mapping[str, Any]:
        """What the map said of each place, by the id of its question."""

    @property
    def features(self) -> CityFeatures:
        """The features of the map that may be chosen."""
        return CityFeatures(self.session)

    @abstractmethod
    def list_files(self) -> list[StoredFile]:
        """Read the files that the answers may refer to from the database."""

    @abstractmethod
    def store(self, slot: FileSlot, accepted: Accepted, others: Sequence[StoredFile]) -> StoredFile:
        """Keep a file that was judged, beside the others in its place. Raises Conflict where none can be added."""

    def store_with(
        self, draft_id: int | None, slot: FileSlot, accepted: Accepted, others: Sequence[StoredFile]
    ) -> StoredFile:
        """Keep a file with the draft of a case until it is handed in. Raises Conflict for a case without one."""
        if draft_id is None:
            raise Conflict(_("この手続きには、ファイルを追加できません。市役所に相談してください。"))
        return files.store(self.session, draft_id, slot.field, accepted, others)

    @property
    def file_notes(self) -> dict[str, str]:
        """What the scanner said of files, by their id."""
        notes = ((file.public_id, files.note(file)) for file in self.stored_files)
        return {public_id: note for public_id, note in notes if note}

    def place_of(self, file: StoredFile) -> str | None:
        """The question to which a file was given, as the form has it."""
        return file.field

    @abstractmethod
    def take_out(self, slot: FileSlot, file_id: str) -> StoredFile | None:
        """Take a file out of the answer and return it; None when it is not there (any more). The row that owns it is locked."""

    def put_in_place_of(self, slot: FileSlot, earlier_id: str, file: StoredFile) -> StoredFile | None:
        """Let a stored file take the place of an earlier one of the same question, which is taken out and returned; None when that is not
        there (any more). The row that owns them is locked.
        """
        order = self.current_files_of(slot)
        earlier = next((other for other in order if other.public_id == earlier_id), None)
        if earlier is None or earlier is file:
            return None
        rest = [other for other in order if other is not file]
        self.take_out(slot, earlier_id)
        files.put_in_order(self.session, [file if other is earlier else other for other in rest])
        self.forget_files()
        return earlier

    def move_file(self, slot: FileSlot, file_id: str, by: int, named: Sequence[str]) -> tuple[StoredFile, int] | None:
        """Move a file one place up (`by` -1) or down (1); return it with its place, from 1, or None when it did not move.

        `named` are the files of its question, or of its row, as the page has them. The row that owns them is locked.
        """
        self.forget_files()
        order = [file for file in self.files_of_question(slot) if file.public_id in named]
        here = next((number for number, file in enumerate(order) if file.public_id == file_id), None)
        if here is None or not 0 <= here + by < len(order):
            return None
        order[here], order[here + by] = order[here + by], order[here]
        files.put_in_order(self.session, order)
        self.forget_files()
        return order[here + by], here + by + 1

    @cached_property
    def outcome(self) -> Evaluation:
        """What follows from the answers as they are."""
        return self.judge(self.answers, self.facts)

    @cached_property
    def known_places(self) -> list[ShownPlace]:
        """Places that are known of who applies, to be offered where a place is asked for."""
        return known_places(self.session, self.definition, self.answers)

    def judge(self, answers: Mapping[str, Any], facts: Mapping[str, Any]) -> Evaluation:
        """Return what follows from certain answers and facts, in the reader's language."""
        return evaluate(
            self.definition,
            answers,
            facts,
            today=self.day,
            language=current_language(),
            city=current_city(),
            features=self.features,
        )

    def read(
        self,
        step: Step,
        form: Form,
        *,
        on_page: frozenset[str],
        answers: Mapping[str, Any] | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> StepReading:
        """Return what the texts of a page say together with all answers so far; nothing is changed.

        Its files are those that were stored as they were chosen, whatever a page that was opened earlier, or on another device,
        still names. `on_page` are the conditional questions that the page showed. `facts` are what the map says of the places in
        `answers`; without them, of those that were saved.
        """
        return read_step(
            self.definition,
            step.id,
            {**form, **self._stored(step, form)},
            self.answers if answers is None else answers,
            self.facts if facts is None else facts,
            today=self.day,
            language=current_language(),
            typed=self.typed,
            on_page=on_page,
            files=self.files,
            city=current_city(),
            features=self.features,
            written_on=today(),
        )

    def take_over(self, answers: Mapping[str, Any], typed: Mapping[str, Any]) -> None:
        """Go on with these answers and texts."""
        self.answers, self.typed = dict(answers), dict(typed)
        for derived in ("outcome", "known_places"):
            self.__dict__.pop(derived, None)

    def _stored(self, step: Step, form: Form) -> dict[str, list[str]]:
        """The files of a page by the names of their inputs."""
        stored = {
            f"{slot.path}.files": [file.public_id for file in self.files_of(slot)]
            for slot in self.plain_slots(self.questions_of(step))
        }
        in_rows = row_slots(step.fields)
        if not in_rows:
            return stored
        return stored | files_in_rows(in_rows, form, self.saved_inputs(step), self.stored_files)

    def questions_of(self, step: Step) -> list[FieldType]:
        """The questions of a page that can be answered."""
        return list(step.fields)

    def plain_slots(self, questions: Iterable[FieldType]) -> Sequence[FileSlot]:
        """The questions that take files, rows aside."""
        return plain_slots(questions)

    def saved_inputs(self, step: Step) -> Mapping[str, str | list[str]]:
        """What the inputs of a page held when it was saved."""
        return inputs_of(self.definition, step.id, self.answers, self.typed)

    def saved_form(self, step: Step) -> dict[str, list[str]]:
        """The same as a browser would post it."""
        return as_form(self.saved_inputs(step))

    def file_slots_of(self, step: Step, form: Form) -> list[FileSlot]:
        """Where a page takes files: at its questions, and at those in each of its rows."""
        return slots_in_form(self.questions_of(step), form)

    @cached_property
    def stored_files(self) -> list[StoredFile]:
        """The files that the answers may refer to."""
        return self.list_files()

    @property
    def files(self) -> dict[str, Any]:
        """References to them by file id, as answers hold them."""
        return {file.public_id: files.reference(file) for file in self.stored_files}

    def files_of(self, slot: FileSlot) -> list[StoredFile]:
        """The files in one place of the form; those of a row are the ones that the saved row names."""
        of_question = self.files_of_question(slot)
        if not slot.in_row:
            return of_question
        step = self.definition.step_of(head_of(slot.path))
        named = as_form(self.saved_inputs(step)).get(f"{slot.path}.files", [])
        return [file for file in of_question if file.public_id in named]

    def files_of_question(self, slot: FileSlot) -> list[StoredFile]:
        """The files that were given to the question of a place, in whichever row."""
        return [file for file in self.stored_files if self.place_of(file) == slot.field]

    def current_files_of(self, slot: FileSlot) -> list[StoredFile]:
        """The files in one place of the form, read again: others may have been added meanwhile."""
        self.forget_files()
        return self.files_of(slot)

    def forget_files(self) -> None:
        """Read the files again at the next use, after some were added or removed."""
        self.__dict__.pop("stored_files", None)

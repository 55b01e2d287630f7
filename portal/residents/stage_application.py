"""A form that the applicant fills in after applying, with its files: those are kept as they are chosen, and go to the case with the form."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from typing_extensions import override

from forms import Step
from forms.fields import FieldType
from forms.fields.file import Files
from forms.fields.file_links import FileLinks
from forms.fields.occurrences import occurrences
from portal import files
from portal.cases import Case, stage_file_field
from portal.core.clock import today
from portal.core.errors import NotFound
from portal.files import Accepted, StoredFile
from portal.residents.application import Application
from portal.residents.file_slots import FileSlot, Form, plain_slots


@dataclass(frozen=True)
class StageFileSlot(FileSlot):
    """A question for files in the form of a stage. A stored file names the stage too: another form may ask under the same id."""

    stage: str

    @property
    @override
    def field(self) -> str:
        return stage_file_field(self.stage, self.path)

    @property
    @override
    def in_row(self) -> bool:
        return False  # the forms of stages have no groups


@dataclass
class StageApplication(Application):
    """The form of a stage of a case that waits for its applicant. Nothing of it but its files is kept before it is sent."""

    case: Case
    stage: str

    @property
    def step(self) -> Step:
        """Its one page."""
        return self.definition.steps[0]

    @property
    @override
    def day(self) -> date:
        return today()

    @property
    @override
    def facts(self) -> Mapping[str, Any]:
        return {}

    @override
    def store(self, slot: FileSlot, accepted: Accepted, others: Sequence[StoredFile]) -> StoredFile:
        return self.store_with(self.case.draft_id, slot, accepted, others)

    @override
    def list_files(self) -> list[StoredFile]:
        if self.case.draft_id is None or not plain_slots(self.step.fields):
            return []
        own = {slot.field for slot in self.plain_slots(self.step.fields)}
        return [file for file in files.files_of_draft(self.session, self.case.draft_id) if file.field in own]

    @override
    def plain_slots(self, questions: Iterable[FieldType]) -> Sequence[FileSlot]:
        return [StageFileSlot(slot.path, slot.question, self.stage) for slot in plain_slots(questions)]

    @override
    def file_slots_of(self, step: Step, form: Form) -> list[FileSlot]:
        return list(self.plain_slots(step.fields))

    @override
    def take_out(self, slot: FileSlot, file_id: str) -> StoredFile | None:
        self.forget_files()
        for file in self.stored_files:
            if file.public_id == file_id and file.field == slot.field and self.case.draft_id is not None:
                files.remove(self.session, self.case.draft_id, file_id)
                self.forget_files()
                return file
        return None

    def slot_at(self, path: str) -> FileSlot:
        """The question for files at a path. Raises NotFound."""
        for slot in self.plain_slots(self.step.fields):
            if slot.path == path:
                return slot
        raise NotFound

    def chosen_file(self, file_id: str) -> StoredFile:
        """A file that was chosen so far, by its public id. Raises NotFound."""
        for file in self.stored_files:
            if file.public_id == file_id:
                return file
        raise NotFound("このファイルは見つかりません。")

    def kept_inputs(self) -> dict[str, list[str]]:
        """The files that were chosen so far, as the inputs of the page name them."""
        return {
            f"{slot.path}.files": [file.public_id for file in self.files_of(slot)]
            for slot in self.plain_slots(self.step.fields)
        }

    def to_hand_in(self, answers: Mapping[str, Any]) -> list[str]:
        """The ids of the files that the answers name."""
        values: list[Any] = [slot.value for slot in occurrences(self.step.fields, answers, Files)]
        return sorted(str(file["id"]) for value in values for file in value or ())

    @property
    def file_links(self) -> FileLinks:
        """Where files are looked at, added and taken out."""
        public_id, stage = self.case.public_id, self.stage
        page = url_for("residents.stage_form", public_id=public_id, stage=stage)
        return FileLinks(
            file=lambda file_id: url_for("residents.stage_file", public_id=public_id, stage=stage, file_id=file_id),
            thumbnail=lambda file_id: url_for(
                "residents.stage_thumbnail", public_id=public_id, stage=stage, file_id=file_id
            ),
            add=lambda field_id: f"{page}/files/{field_id}",
            remove=lambda field_id: f"{page}/files/{field_id}/remove",
            move=lambda field_id: f"{page}/files/{field_id}/move",
            page=page,
            notes=self.file_notes,
        )

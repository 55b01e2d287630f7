"""The form of a stage that staff fill in, with its files: kept as they are chosen, and handed to the case with the form."""

from dataclasses import dataclass

from flask import url_for
from typing_extensions import override

from forms.fields.file_links import FileLinks
from portal.residents.stage_application import StageApplication


@dataclass
class DeskStageApplication(StageApplication):
    """The form of a stage of a case at the desk."""

    @property
    @override
    def file_links(self) -> FileLinks:
        case_id, stage = self.case.id, self.stage
        files = url_for("desk_stage_forms.stage_form", case_id=case_id) + f"/{stage}/files"
        return FileLinks(
            file=lambda file_id: url_for("desk_stage_files.file", case_id=case_id, stage=stage, file_id=file_id),
            thumbnail=lambda file_id: url_for(
                "desk_stage_files.thumbnail", case_id=case_id, stage=stage, file_id=file_id
            ),
            add=lambda key: f"{files}/{key}",
            remove=lambda key: f"{files}/{key}/remove",
            move=lambda key: f"{files}/{key}/move",
            page=url_for("desk_stage_forms.fill_stage_form", case_id=case_id, stage=stage),
            notes=self.file_notes,
        )

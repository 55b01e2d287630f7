"""An application before it is sent: the draft, its pages, and what follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from forms import Step, StepReading
from forms.fields.rendering import FileLinks
from portal import files
from portal.cases import CALLED_OFF, WAITING, Draft, drafts, unfinished_fields
from portal.core.clock import today
from portal.core.errors import Conflict, NotFound
from portal.core.text import _
from portal.files import StoredFile
from portal.identity import browser_key
from portal.identity.web_session import own_drafts
from portal.procedures import definition_of
from portal.residents import visitor_access
from portal.residents.application import Application
from portal.residents.file_slots import FileSlot


@dataclass
class DraftApplication(Application):
    """One draft of this visitor. Answers, `typed` and `outcome` change only through `keep`."""

    draft: Draft

    @property
    def day(self) -> date:
        """Today: an application is judged by the day on which it is sent."""
        return today()

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the map said when a place was saved."""
        return self.draft.facts

    @property
    def draft_id(self) -> int | None:
        """The draft's own id."""
        return self.draft.id

    @property
    def steps(self) -> list[Step]:
        """The pages that this applicant sees, in order."""
        return [step for step in self.definition.steps if step.id in self.outcome.steps]

    def step(self, step_id: str) -> Step:
        """One of those pages. Raises NotFound."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise NotFound("このページは、いまの申請にはありません。")

    def step_after(self, step: Step) -> Step | None:
        """The page after that one; None after the last."""
        ids = [other.id for other in self.definition.steps]
        here = ids.index(step.id)
        return next((other for other in self.steps if ids.index(other.id) > here), None)

    def step_before(self, step: Step) -> Step | None:
        """The page before that one; None before the first."""
        ids = [other.id for other in self.definition.steps]
        here = ids.index(step.id)
        return next((other for other in reversed(self.steps) if ids.index(other.id) < here), None)

    @property
    def next_undone(self) -> Step | None:
        """The first page that was not sent without faults yet, or holds text that is no answer; None when there is none."""
        unsettled = self.unsettled
        return next(
            (
                step
                for step in self.steps
                if step.id not in self.draft.done_steps or any(field.id in unsettled for field in step.fields)
            ),
            None,
        )

    @property
    def unsettled(self) -> list[str]:
        """The questions into which something was typed that is not an answer (yet)."""
        return unfinished_fields(self.definition, self.typed, self.outcome)

    def list_files(self) -> list[StoredFile]:
        """Read the files added so far."""
        return files.files_of_draft(self.session, self.draft.id)

    def take_out(self, slot: FileSlot, file_id: str) -> StoredFile | None:
        """Delete a file. The draft is locked."""
        self.forget_files()
        for file in self.stored_files:
            if file.public_id == file_id and file.field == slot.field:
                files.remove(self.session, self.draft.id, file_id)
                self.forget_files()
                return file
        return None

    def file_links(self, step: Step) -> FileLinks:
        """Where the files of a page are looked at, added and taken out."""
        draft, page = self.draft.public_id, self.address(step)
        return FileLinks(
            file=lambda file_id: url_for("residents.draft_file", public_id=draft, file_id=file_id),
            thumbnail=lambda file_id: url_for("residents.draft_thumbnail", public_id=draft, file_id=file_id),
            add=lambda field_id: f"{page}/files/{field_id}",
            remove=lambda field_id: f"{page}/files/{field_id}/remove",
            page=page,
        )

    def keep(self, step: Step, reading: StepReading, *, done: bool = False) -> None:
        """Save a page as it was read, with what is not sound beside the answers; the map is asked about changed places.

        `done` when it was sent and nothing is left to fix; a page that has something to fix again is no longer done.
        """
        drafts.save_answers(
            self.session,
            self.draft,
            self.definition,
            reading.answers,
            typed=reading.typed,
            done_step=step.id if done else None,
            undone_step=None if reading.complete else step.id,
        )
        self.take_over(reading.answers, reading.typed)

    def address(self, step: Step | None) -> str:
        """The address of a page; of the review after the last one."""
        if step is None:
            return url_for("residents.review", public_id=self.draft.public_id)
        return url_for("residents.step", public_id=self.draft.public_id, step_id=step.id)


def open_application(session: Session, public_id: str, *, lock: bool = False) -> DraftApplication:
    """The visitor's draft of that id. Raises NotFound for anybody else's, Conflict for one that was signed in a bundle and waits.

    Somebody who signed in meanwhile makes the draft their own, so that it stands on their page from then on.
    """
    account_id = visitor_access.account_id()
    draft = drafts.find(session, public_id, own=own_drafts(), account_id=account_id, browser=browser_key(), lock=lock)
    if draft.bundle_state in (WAITING, CALLED_OFF):
        raise Conflict(
            _("この手続きは、まとめて送った申請の1つです。「わたしの申請」で、いまの状況を確かめてください。")
        )
    if account_id is not None and draft.account_id is None:
        drafts.claim(session, [public_id], account_id)
        draft.account_id = account_id
    return application_of(session, draft)


def application_of(session: Session, draft: Draft) -> DraftApplication:
    """The application that a draft holds, opened."""
    definition = definition_of(session, draft.version_id)
    answers, typed = drafts.answers_of(session, draft), drafts.typed_of(session, draft)
    return DraftApplication(session, definition, answers, typed, draft)

"""An application before it is sent: its drafts, of one procedure or of several in a bundle, its pages, and what follows from them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from forms import Step, StepReading
from forms.fields import GroupField
from forms.fields.file import Files
from forms.fields.file_links import FileLinks
from forms.fields.nesting import asks_rows_on_own_pages
from forms.fields.occurrences import question_at
from forms.fields.path import FieldPath
from forms.known_rows import with_known_rows
from portal import files
from portal.cases import (
    Draft,
    draft_rows,
    drafts,
    intakes,
    unfinished_fields,
)
from portal.cases.bundles import CALLED_OFF, WAITING, Bundle, Member, members_of, unsent_bundle
from portal.core.errors import Conflict, NotFound
from portal.core.text import _
from portal.files import Accepted, StoredFile
from portal.identity import browser_key
from portal.identity.web_session import own_drafts
from portal.procedures import definition_of
from portal.residents import visitor_access
from portal.residents.application import Application
from portal.residents.compositions import composition_of
from portal.residents.file_slots import FileSlot


@dataclass
class DraftApplication(Application):
    """What this visitor fills in: the drafts of a bundle, or one that is sent alone.

    `definition` is what is asked for all of them. Answers, `typed` and `outcome` change only through `keep`.
    """

    members: tuple[Member, ...]
    bundle: Bundle | None = None

    @property
    def public_id(self) -> str:
        """The id in its addresses."""
        return self.bundle.public_id if self.bundle is not None else self.members[0].draft.public_id

    @property
    def is_sent(self) -> bool:
        """Whether it was sent already."""
        if self.bundle is not None:
            return self.bundle.sent_at is not None
        return self.members[0].draft.case_id is not None

    @property
    def created_at(self) -> datetime:
        """When it was begun."""
        return min(member.draft.created_at for member in self.members)

    @property
    def saved_at(self) -> datetime:
        """When it was last saved."""
        return max(member.draft.saved_at for member in self.members)

    @property
    def expires_at(self) -> datetime:
        """Until when it can be taken up again."""
        return min(member.draft.expires_at for member in self.members)

    @property
    def intake(self) -> intakes.Intake | None:
        """How it reached the office, where somebody of the staff writes it for its applicant."""
        return intakes.intake_of(self.members[0].draft)

    @property
    def day(self) -> date:
        """Today: an application is judged by the day on which it is sent, or on which its paper came in."""
        return intakes.day_of_receipt(self.members[0].draft)

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the map said when a place was saved."""
        facts = {member.definition.procedure: member.draft.facts for member in self.members}
        return self.definition.join_by_path(facts)

    @property
    def carried(self) -> Mapping[str, Mapping[str, Any]]:
        """The questions that were filled in, with the source of each answer, until their page is sent."""
        marks = {member.definition.procedure: member.draft.carried for member in self.members}
        return self.definition.join_by_path(marks)

    @property
    def steps(self) -> list[Step]:
        """The pages that this applicant sees, in order."""
        return [step for step in self.definition.steps if step.id in self.outcome.steps]

    def step(self, step_id: str) -> Step:
        """One of those pages. Raises NotFound."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise NotFound("このページは、いまの手続きにはありません。")

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
                if not self.is_done(step) or any(field.id in unsettled for field in step.fields)
            ),
            None,
        )

    def is_done(self, step: Step) -> bool:
        """Whether a page was sent without faults to everybody whose questions stand on it."""
        return all(step.id in member.draft.done_steps for member in self.asking(step))

    def settled_questions(self) -> Mapping[str, frozenset[str]]:
        """The questions of each procedure, by its key, on the pages that were sent to it without faults."""
        return {
            member.key: frozenset(
                name
                for step in self.definition.steps
                if step.id in member.draft.done_steps
                for name in self.own_questions(member, step)
            )
            for member in self.members
        }

    def keep_settled(self, settled: Mapping[str, frozenset[str]]) -> None:
        """Let pages count as sent whose questions all were, on other pages, before the procedures were put together otherwise."""
        for member in self.members:
            done = []
            for step in self.definition.steps:
                own = [name for name in self.own_questions(member, step) if member.definition.fields[name].is_question]
                if own and settled[member.key].issuperset(own):
                    done.append(step.id)
            member.draft.done_steps = done
        self.session.flush()

    def asking(self, step: Step) -> list[Member]:
        """The procedures that ask something on a page."""
        return [member for member in self.members if self.own_questions(member, step)]

    def own_questions(self, member: Member, step: Step) -> list[str]:
        """The ids that a procedure has for the questions of a page that it asks."""
        procedure = member.definition.procedure
        own = (self.definition.path_in(procedure, field.id) for field in step.fields)
        return [field_id for field_id in own if field_id is not None]

    def own_answers(self, member: Member) -> dict[str, Any]:
        """The answers that a procedure gets."""
        return self.definition.split(self.answers)[member.definition.procedure]

    @property
    def unsettled(self) -> list[str]:
        """The questions into which something was typed that is not an answer (yet)."""
        return unfinished_fields(self.definition, self.typed, self.outcome)

    def row_groups(self, step: Step) -> list[GroupField]:
        """The groups of a page whose rows have pages of their own."""
        return [field for field in step.fields if isinstance(field, GroupField) and asks_rows_on_own_pages(field)]

    def row_keys(self, group: GroupField) -> list[int]:
        """The keys of such rows, in their order."""
        return draft_rows.row_keys(*self._keeper_of_rows(group), self.filled_rows(group))

    def _keeper_of_rows(self, group: GroupField) -> tuple[Draft, str]:
        """The draft that keeps the keys of a group's rows, the first of those that ask for it, with the id that the group has there."""
        for member in self.members:
            own = self.definition.path_in(member.definition.procedure, group.id)
            if own is not None:
                return member.draft, own
        raise NotFound

    def new_row(self, step: Step, group: GroupField) -> int:
        """The key of a new, empty row behind the others; its page is to be sent again. The drafts are locked."""
        return draft_rows.add_row(self.session, *self._keeper_of_rows(group), self.filled_rows(group), step_id=step.id)

    def forget_row(self, group: GroupField, filled: int, key: int) -> None:
        """Forget the key of a row whose inputs were taken out; `filled` rows had inputs before. The drafts are locked."""
        draft_rows.remove_row(self.session, *self._keeper_of_rows(group), filled, key)

    def renew_rows(self, group: GroupField) -> None:
        """All rows are others now, and get other keys. The drafts are locked."""
        draft_rows.renew_rows(self.session, *self._keeper_of_rows(group))

    def filled_rows(self, group: GroupField) -> int:
        """How many rows the saved inputs of a group have."""
        inputs = self.saved_inputs(self.definition.step_of(group.id))
        numbers = [at.row for name in inputs if (at := FieldPath.parse(name)).head == group.id and at.row is not None]
        return max(numbers, default=-1) + 1

    def saved_form(self, step: Step) -> dict[str, list[str]]:
        """What was saved of a page as a browser would post it. Rows with pages of their own are in it, those still empty too, so that
        each keeps its number.
        """
        form = super().saved_form(step)
        for group in self.row_groups(step):
            begun = {at.row for name in form if (at := FieldPath.parse(name)).head == group.id}
            for number in range(len(self.row_keys(group))):
                if number not in begun:
                    form[f"{group.id}.{number}.{group.fields[0].id}"] = [""]
        return form

    def list_files(self) -> list[StoredFile]:
        """Read the files added so far."""
        return files.files_of_drafts(self.session, [member.draft.id for member in self.members])

    def place_of(self, file: StoredFile) -> str | None:
        """The question to which a file was given."""
        member = next((member for member in self.members if member.draft.id == file.draft_id), None)
        return self.definition.path_of(member.definition.procedure, file.field) if member is not None else None

    def store(self, slot: FileSlot, accepted: Accepted, others: Sequence[StoredFile]) -> StoredFile:
        """Keep a file with the first of those who ask for it; it lies with all of them once the application is sent."""
        member, field = next(self._asking_for(slot))
        return files.store(self.session, member.draft.id, field, accepted, others)

    def _asking_for(self, slot: FileSlot) -> Iterator[tuple[Member, str]]:
        for member in self.members:
            field = self.definition.path_in(member.definition.procedure, slot.field)
            if field is not None and isinstance(question_at(member.definition.fields, field), Files):
                yield member, field

    def file(self, file_id: str) -> StoredFile:
        """One of its files. Raises NotFound."""
        for file in self.stored_files:
            if file.public_id == file_id:
                return file
        raise NotFound

    def take_out(self, slot: FileSlot, file_id: str) -> StoredFile | None:
        """Delete a file. The drafts are locked."""
        self.forget_files()
        for file in self.stored_files:
            if file.public_id == file_id and self.place_of(file) == slot.field and file.draft_id is not None:
                files.remove(self.session, file.draft_id, file_id)
                self.forget_files()
                return file
        return None

    def file_links(self, step: Step) -> FileLinks:
        """Where the files of a page are looked at, added and taken out."""
        application, page = self.public_id, self.address(step)
        return FileLinks(
            file=lambda file_id: url_for("residents.draft_file", public_id=application, file_id=file_id),
            thumbnail=lambda file_id: url_for("residents.draft_thumbnail", public_id=application, file_id=file_id),
            add=lambda field_id: f"{page}/files/{field_id}",
            remove=lambda field_id: f"{page}/files/{field_id}/remove",
            move=lambda field_id: f"{page}/files/{field_id}/move",
            page=page,
            notes=self.file_notes,
        )

    def keep(self, step: Step, reading: StepReading, *, done: bool = False) -> None:
        """Save a page as it was read, with what is not sound beside the answers; the map is asked about changed places.

        Each procedure keeps its own share. `done` when the page was sent and nothing is left to fix; one that has something to
        fix again is no longer done.
        """
        saved = with_known_rows(self.definition, step.id, self, reading, today=self.day)
        answers, typed = self.definition.split(saved.answers), self.definition.split_by_path(saved.typed)
        for member in self.members:
            procedure, on_page = member.definition.procedure, self.own_questions(member, step)
            drafts.save_answers(
                self.session,
                member.draft,
                member.definition,
                answers[procedure],
                typed=typed[procedure],
                done_step=step.id if done and on_page else None,
                undone_step=None if reading.complete else step.id,
                sent=on_page if done else (),
            )
        self.take_over(saved.answers, saved.typed)

    def spread(self) -> None:
        """Let each procedure have its share of what another one knew already. The drafts are locked."""
        shares = self.definition.split(self.answers)
        for member in self.members:
            share = shares[member.definition.procedure]
            if share != drafts.answers_of(self.session, member.draft):
                drafts.save_answers(self.session, member.draft, member.definition, share)

    def address_of(self, member: Member) -> str:
        """The address of the first page that a procedure has for itself, else that asks something for it."""
        asking = [step for step in self.steps if self.own_questions(member, step)]
        own = [step for step in asking if self.definition.subject(step.id) is member.definition]
        return self.address(next(iter([*own, *asking]), None))

    @property
    def entrance(self) -> str:
        """The page from which it was begun."""
        if self.bundle is not None:
            return url_for("residents.go_on_bundle", public_id=self.bundle.public_id)
        return url_for("residents.procedure", key=self.members[0].draft.procedure_key)

    def row_address(self, step: Step, group: GroupField, key: int) -> str:
        """The address of the page of one row."""
        return url_for("residents.row_page", public_id=self.public_id, step_id=step.id, group_id=group.id, number=key)

    def address(self, step: Step | None) -> str:
        """The address of a page; of the review after the last one."""
        if step is None:
            return url_for("residents.review", public_id=self.public_id)
        return url_for("residents.step", public_id=self.public_id, step_id=step.id)


def open_application(session: Session, public_id: str, *, lock: bool = False) -> DraftApplication:
    """The visitor's draft or bundle of that id; for a draft that is to be sent in a bundle, that bundle.

    Raises NotFound for anybody else's, Conflict for a draft that was signed in a bundle and waits, and for a change of one in a bundle.

    Somebody who signed in meanwhile makes it their own, so that it stands on their page from then on.
    """
    account_id = visitor_access.account_id()
    try:
        draft = drafts.find(
            session, public_id, own=own_drafts(), account_id=account_id, browser=browser_key(), lock=lock
        )
    except NotFound as nothing:
        return _open_bundle(session, public_id, nothing, lock=lock)
    if draft.bundle_state in (WAITING, CALLED_OFF):
        raise Conflict(
            _("この手続きは、まとめて送った手続きの1つです。「わたしの手続き」で、いまの状況を確かめてください。")
        )
    bundle = visitor_access.unsent_bundle_of(draft)
    if bundle is not None and lock:  # its own row must be locked before those of its drafts
        raise Conflict(_("この手続きは、まとめての申請の1つです。「わたしの手続き」から続けてください。"))
    if bundle is not None:
        return bundle_application(session, visitor_access.open_bundle(session, bundle.public_id))
    if account_id is not None and draft.account_id is None:
        drafts.claim(session, [public_id], account_id)
        draft.account_id = account_id
    return application_of(session, draft)


def unsent_application(session: Session, public_id: str | None, *, lock: bool = False) -> DraftApplication | None:
    """The application of that id, without asking whose it is; None once its time has passed, or once it was sent."""
    draft = drafts.unexpired_draft(session, public_id, unsent=True, lock=lock)
    if draft is not None:
        return application_of(session, draft)
    bundle = unsent_bundle(session, public_id, lock=lock)
    return bundle_application(session, bundle) if bundle is not None else None


def _open_bundle(session: Session, public_id: str, nothing: NotFound, *, lock: bool) -> DraftApplication:
    """The visitor's bundle of that id; `nothing` is raised where they have none."""
    try:
        bundle = visitor_access.open_bundle(session, public_id, lock=lock)
    except NotFound:
        raise nothing from None
    return bundle_application(session, bundle)


def application_of(session: Session, draft: Draft) -> DraftApplication:
    """The application that a draft holds, opened."""
    return _opened(session, (Member(draft, definition_of(session, draft.version_id)),), None)


def bundle_application(session: Session, bundle: Bundle) -> DraftApplication:
    """The application that a bundle holds, opened."""
    return _opened(session, tuple(members_of(session, bundle)), bundle)


def _opened(session: Session, members: tuple[Member, ...], bundle: Bundle | None) -> DraftApplication:
    definition = composition_of([member.definition for member in members])
    answers = definition.join({made.definition.procedure: drafts.answers_of(session, made.draft) for made in members})
    typed = definition.join_by_path(
        {made.definition.procedure: drafts.typed_of(session, made.draft) for made in members}
    )
    return DraftApplication(session, definition, answers, typed, members, bundle)

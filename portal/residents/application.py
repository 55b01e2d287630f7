"""An application on its way: the draft, its answers, and what follows from them, as every page of the form needs it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from forms import Definition, Evaluation, Step, StepReading, evaluate
from portal import files
from portal.cases import drafts
from portal.cases.models import Draft
from portal.cases.typed import unsettled
from portal.core.clock import today
from portal.core.errors import NotFound
from portal.core.tenancy import current_city
from portal.core.text import current_language
from portal.files.models import StoredFile
from portal.identity.browser_draft_key import browser_key
from portal.identity.web_session import own_drafts
from portal.procedures.definitions import definition_of
from portal.residents import own


@dataclass
class Application:
    """One draft of this visitor with its definition.

    `answers` are sound; `typed` is what was typed beside them. Both, and `outcome`, change only through `keep`.
    """

    session: Session
    draft: Draft
    definition: Definition
    answers: dict[str, Any]
    typed: dict[str, Any]

    @cached_property
    def outcome(self) -> Evaluation:
        """What follows from the answers as they are."""
        return self.judge(self.answers, self.draft.facts)

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
        ids = [one.id for one in self.definition.steps]
        place = ids.index(step.id)
        return next((one for one in self.steps if ids.index(one.id) > place), None)

    def step_before(self, step: Step) -> Step | None:
        """The page before that one; None before the first."""
        ids = [one.id for one in self.definition.steps]
        place = ids.index(step.id)
        return next((one for one in reversed(self.steps) if ids.index(one.id) < place), None)

    @property
    def next_undone(self) -> Step | None:
        """The first page that was not sent without faults yet, or holds text that is no answer; None when there is none."""
        begun = self.unsettled
        return next(
            (
                step
                for step in self.steps
                if step.id not in self.draft.done_steps or any(field.id in begun for field in step.fields)
            ),
            None,
        )

    @property
    def unsettled(self) -> list[str]:
        """The questions into which something was typed that is not an answer (yet)."""
        return unsettled(self.definition, self.typed, self.outcome)

    @cached_property
    def stored_files(self) -> list[StoredFile]:
        """The files added to the draft so far."""
        return files.files_of_draft(self.session, self.draft.id)

    @property
    def files(self) -> dict[str, Any]:
        """The same by id, as answers refer to them."""
        return {one.public_id: files.reference(one) for one in self.stored_files}

    def forget_files(self) -> None:
        """Read the files anew at the next use, after some were added or removed."""
        self.__dict__.pop("stored_files", None)

    def judge(self, answers: Mapping[str, Any], facts: Mapping[str, Any]) -> Evaluation:
        """What follows from certain answers and facts today, in the reader's language."""
        return evaluate(
            self.definition, answers, facts, today=today(), language=current_language(), city=current_city()
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
        self.answers, self.typed = dict(reading.answers), dict(reading.typed)
        self.__dict__.pop("outcome", None)

    def address(self, step: Step | None) -> str:
        """The address of a page; of the review after the last one."""
        if step is None:
            return url_for("residents.review", public_id=self.draft.public_id)
        return url_for("residents.step", public_id=self.draft.public_id, step_id=step.id)


def open_application(session: Session, public_id: str, *, lock: bool = False) -> Application:
    """The visitor's draft of that id. Raises NotFound for anybody else's.

    Somebody who signed in meanwhile makes the draft their own, so that it stands on their page from then on.
    """
    account_id = own.account_id()
    draft = drafts.find(session, public_id, own=own_drafts(), account_id=account_id, browser=browser_key(), lock=lock)
    if account_id is not None and draft.account_id is None:
        drafts.claim(session, [public_id], account_id)
        draft.account_id = account_id
    definition = definition_of(session, draft.version_id)
    answers, typed = drafts.answers_of(session, draft), drafts.typed_of(session, draft)
    return Application(session, draft, definition, answers, typed)

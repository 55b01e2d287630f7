"""The profile: what a resident let the city keep, where it was used, and letting it go again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from forms import Definition, StepReading, inputs_of, read_step
from forms.fields import FieldType
from forms.fields.base import ReadContext
from portal.cases import Case
from portal.core.access import RESIDENT, allow, resident
from portal.core.clock import today
from portal.core.errors import NotFound
from portal.core.events import event_kinds
from portal.core.tenancy import current_city
from portal.core.text import _, current_language, listed
from portal.core.web import db
from portal.procedures import definition_of, offers, vocabulary_in_force
from portal.profiles import (
    ProfileItem,
    as_question_has_it,
    as_shared,
    edit_item,
    form_of_item,
    profile_items,
    profile_log,
    remove_items,
)
from portal.residents import visitor_access
from portal.residents.blueprint import bp
from portal.residents.definition_texts import words
from portal.residents.form_submission import groups_to_extend, on_page, posted
from portal.residents.kept_words import by_heading, words_of_item
from portal.residents.questions import Errors, Questions, questions_read

Answer = str | Response | tuple[str, int]

RECENT = 5
"""Newest applications from which items may still be kept."""


@dataclass(frozen=True)
class LogLine:
    """One entry of the history: when, what, of which items, and in which application."""

    at: datetime
    what: str
    items: str
    procedure: str
    case: Case | None


@bp.get("/me/profile")
@allow(RESIDENT)
def profile() -> str:
    """Everything that is kept, with where it is from, and what it was used for."""
    kept = profile_items(db(), resident().id)
    cases = visitor_access.cases(db())
    titles = {offer.key: words(offer.definition.title) for offer in offers(db())}
    titles |= {case.procedure_key: words(definition_of(db(), case.version_id).title) for case in cases[:RECENT]}
    words_of = {each.item: words_of_item(db(), each) for each in kept}
    return render_template(
        "residents/profile.html",
        groups=by_heading(kept, words_of),
        words_of=words_of,
        titles=titles,
        recent=[case for case in cases if case.account_id == resident().id][:RECENT],
        log=_log(cases, titles),
    )


def _log(cases: Sequence[Case], titles: dict[str, str]) -> list[LogLine]:
    of_draft = {case.draft_id: case for case in cases if case.draft_id is not None}
    items, language = vocabulary_in_force(db()).items, current_language()
    lines = []
    for event in profile_log(db(), resident().id):
        names = [items[name].label.for_language(language) for name in event.data["items"] if name in items]
        key = event.data.get("procedure", "")
        what = event_kinds()[event.name].resident or ""
        lines.append(
            LogLine(event.at, _(what), listed(names), titles.get(key, ""), of_draft.get(event.data.get("draft", 0)))
        )
    return lines


@bp.get("/me/profile/<item>")
@allow(RESIDENT)
def profile_item(item: str) -> str:
    """One item, to be edited."""
    editing = _editing(item)
    inputs = inputs_of(editing.form, editing.question.id, editing.answers)
    reading = editing.read({name: [text] if isinstance(text, str) else list(text) for name, text in inputs.items()})
    return _page(editing, editing.questions(reading))


@bp.post("/me/profile/<item>")
@allow(RESIDENT)
def edit_profile_item(item: str) -> Answer:
    """Keep what was written, if it would be accepted in a form."""
    editing = _editing(item)
    reading = editing.read(posted())
    if reading.stay or reading.errors:
        return _page(editing, editing.questions(reading, reading.errors)), 422 if reading.errors else 200
    answer = reading.answers[editing.question.id]
    edit_item(db(), resident().id, item, as_shared(editing.question, answer))
    return redirect(url_for("residents.profile"), 303)


@bp.get("/me/profile/<item>/remove")
@allow(RESIDENT)
def ask_remove_item(item: str) -> str:
    """Are you sure?"""
    return render_template("residents/profile_remove.html", words=words_of_item(db(), _kept(item)))


@bp.post("/me/profile/<item>/remove")
@allow(RESIDENT)
def remove_item(item: str) -> Response:
    """Withdraw the consent to one item, which deletes it."""
    remove_items(db(), resident().id, [item])
    return redirect(url_for("residents.profile"), 303)


@bp.get("/me/profile-removal")
@allow(RESIDENT)
def ask_remove_profile() -> str:
    """Are you sure, of everything?"""
    return render_template("residents/profile_remove.html", words=None)


@bp.post("/me/profile-removal")
@allow(RESIDENT)
def remove_profile() -> Response:
    """Withdraw every consent, which deletes the profile."""
    remove_items(db(), resident().id)
    return redirect(url_for("residents.profile"), 303)


@dataclass(frozen=True)
class _Editing:
    """An item with the form in which it is edited."""

    kept: ProfileItem
    form: Definition
    question: FieldType
    answers: dict[str, Any]

    def read(self, posted_form: dict[str, list[str]]) -> StepReading:
        return read_step(
            self.form,
            self.question.id,
            posted_form,
            {},
            {},
            today=today(),
            language=current_language(),
            on_page=on_page(),
            city=current_city(),
        )

    def questions(self, reading: StepReading, errors: Errors | None = None) -> Questions:
        return questions_read(
            self.form,
            self.form.steps[0],
            reading.evaluation,
            reading,
            errors or {},
            more_rows=groups_to_extend(),
        )


def _editing(item: str) -> _Editing:
    kept = _kept(item)
    form = form_of_item(kept, definition_of(db(), kept.version_id))
    (question,) = form.fields.values()
    answer = as_question_has_it(question, kept.answer, ReadContext(today(), plane=current_city().plane))
    return _Editing(kept, form, question, {} if answer is None else {question.id: answer})


def _kept(item: str) -> ProfileItem:
    for kept in profile_items(db(), resident().id):
        if kept.item == item:
            return kept
    raise NotFound(_("この項目は、残されていません。"))


def _page(editing: _Editing, questions: Questions) -> str:
    return render_template("residents/profile_item.html", kept=editing.kept, questions=questions)

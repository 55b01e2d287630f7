"""One page of the form as HTML: questions, the map where a place is asked, the live region, and what was saved when."""

from functools import partial
from typing import Any

from flask import render_template, url_for

from forms import Step, StepReading
from forms.definition.procedure import group_fields
from portal.cases.places import PlaceInspection
from portal.core.clock import TOKYO
from portal.core.text import _, date_ja
from portal.residents import place_maps
from portal.residents.availability import limited_choices, rests_of, room_for, slots_of
from portal.residents.conflict_options import Moved, conflict_options
from portal.residents.definition_texts import words
from portal.residents.draft_application import DraftApplication
from portal.residents.file_slots import FileSlot
from portal.residents.form_submission import goes_to_review, kept_to_review, read, searches
from portal.residents.live_summary import live_summary
from portal.residents.own_rows import OwnRow, file_links, keys_of, row_after
from portal.residents.piece_maps import shown_pieces
from portal.residents.place_maps import Drawer
from portal.residents.place_pictures import saved_picture
from portal.residents.questions import Errors, Questions, questions_read
from portal.residents.row_lists import GoneRow


def questions_as_saved(application: DraftApplication, step: Step, own: OwnRow | None = None) -> Questions:
    """The page's questions as they were saved, and every file that was kept, enough of them or not; with `own` those of one row."""
    rests = rests_of(application.session, limited_choices(application, step))
    return questions_read(
        application.definition,
        step,
        application.outcome,
        reading_as_saved(application, step),
        files=application.files,
        draw_map=_drawer(application, step),
        carried=application.carried,
        file_links=file_links(application, step, own),
        takes_tables=True,
        rests=rests.words,
        full_days=rests.full_days,
        pieces=shown_pieces(application, step),
        free_slots=slots_of(application),
        search_url=f"{application.address(step)}/options",
        find_places=place_maps.finder_of(application, step),
        row_keys=keys_of(application, step),
        own_row=own.path if own else "",
    )


def reading_as_saved(
    application: DraftApplication, step: Step, slot: FileSlot | None = None, added: str | None = None
) -> StepReading:
    """The page read again as it was saved: answers, what was typed beside them, and every file that was kept.

    `added` is a file that has just come into a slot: that is how it gets into its row.
    """
    saved = application.saved_form(step)
    if slot is not None and added is not None:
        saved.setdefault(f"{slot.path}.files", []).append(added)
    return read(application, step, saved)


def questions_as_typed(
    application: DraftApplication,
    step: Step,
    reading: StepReading,
    errors: Errors,
    *,
    more_rows: frozenset[str] = frozenset(),
    own: OwnRow | None = None,
) -> Questions:
    """The page's questions as they were just sent: nothing that was typed is lost. With `own` those of one row."""
    rests = rests_of(application.session, limited_choices(application, step))
    return questions_read(
        application.definition,
        step,
        application.outcome,
        reading,
        errors,
        files=application.files,
        more_rows=more_rows,
        draw_map=_drawer(application, step),
        carried=application.carried,
        file_links=file_links(application, step, own),
        takes_tables=True,
        rests=rests.words,
        full_days=rests.full_days,
        pieces=shown_pieces(application, step),
        free_slots=slots_of(application),
        searches=searches(),
        search_url=f"{application.address(step)}/options",
        find_places=place_maps.finder_of(application, step),
        row_keys=keys_of(application, step),
        own_row=own.path if own else "",
    )


def render_step(
    application: DraftApplication,
    questions: Questions,
    inspection: PlaceInspection,
    *,
    appeared: bool = False,
    moved: Moved | None = None,
    late: bool = False,
    own: OwnRow | None = None,
    gone: GoneRow | None = None,
) -> str:
    """The page. A page with one place to show has the map beside its questions; otherwise maps stand at their question.

    `moved` is what was just done to a place to bring it out of the way of others. `late`: the page was sent after its visit
    had ended, and is only kept. `own` is the row whose page it is. `gone` says that a row is not there any more.
    """
    step, to_review = questions.step, goes_to_review()
    measures = live_summary(application.definition, step, application.outcome, inspection, application.answers)
    measures.checks += room_for(application, step)
    return render_template(
        "residents/step_map.html" if questions.place and own is None else "residents/step.html",
        application=application,
        definition=application.definition,
        about=about_page(application, step),
        leave_out=_leave_out(application, step),
        step=step,
        questions=questions,
        place=questions.place,
        picture=saved_picture(application, questions.place.id) if questions.place else None,
        base=place_maps.base_from(place_maps.start_for(application, step)),
        measures=measures,
        ways=conflict_options(application, step, application.answers, inspection),
        moved=moved,
        appeared=appeared,
        late=late,
        own=own,
        gone=gone,
        after_row=row_after(questions, own) if own else None,
        to_review=to_review,
        back=_back(application, step, own),
        last=to_review or application.step_after(step) is None,
        saved=saved_words(application),
        **step_bar(application, step.id),
    )


def _back(application: DraftApplication, step: Step, own: OwnRow | None) -> tuple[str, str]:
    """Where the link at the top of a page leads, and what it says."""
    if own is not None:
        return kept_to_review(f"{application.address(step)}#{own.path}"), _("一覧にもどる")
    if goes_to_review():
        return application.address(None), _("確認のページにもどる")
    previous = application.step_before(step)
    return application.address(previous) if previous else application.entrance, _("前のページにもどる")


def about_page(application: DraftApplication, step: Step) -> str:
    """What a page is part of; of several procedures, which of them."""
    subject = application.definition.subject(step.id)
    if subject is None:
        return words(application.definition.title)
    keys = [member.definition.procedure for member in application.members]
    number = keys.index(subject.procedure) + 1
    return _("{title}({total}件中{number}件目)", title=words(subject.title), total=len(keys), number=number)


def _leave_out(application: DraftApplication, step: Step) -> str:
    """Where the procedure is left out to which a page of several procedures belongs; empty for what more than that asks for."""
    subject = application.definition.subject(step.id)
    if application.bundle is None or subject is None:
        return ""
    draft = next(member.draft for member in application.members if member.definition is subject)
    return url_for("residents.go_on_bundle", public_id=application.bundle.public_id, _anchor=f"procedure-{draft.id}")


def step_bar(application: DraftApplication, here: str) -> dict[str, Any]:
    """The names and addresses of the pages for the bar under the header; `here` is a step's id or `review`.

    The pages that belong to one of several procedures are one stop of the bar, so that it is no longer than a telephone is wide.
    """
    stops: dict[str, tuple[str, str]] = {}
    stop_of = {"review": "review"}
    for step in application.steps:
        own = application.definition.subject(step.id) is not None
        stop = stop_of[step.id] = "procedures" if own else step.id
        name = _("手続き") if own else words(step.short or step.title)
        stops.setdefault(stop, (name, application.address(step)))
    stops["review"] = _("確認"), application.address(None)
    return {
        "step_names": [name for name, _address in stops.values()],
        "step_index": list(stops).index(stop_of[here]),
        "step_hrefs": [address for _name, address in stops.values()],
    }


def saved_words(application: DraftApplication) -> str:
    """When the application was last saved, and until when it can be taken up again."""
    day = date_ja(application.expires_at)
    if application.saved_at == application.created_at:
        return _("入力は自動で保存します。\n{day}まで続きから書けます。", day=day)
    at = application.saved_at.astimezone(TOKYO)
    return _("{time}に自動で保存しました。\n{day}まで続きから書けます。", time=f"{at:%H:%M}", day=day)


def _drawer(application: DraftApplication, step: Step) -> Drawer | None:
    """Draws maps at their questions: on pages that ask for more than one place, or for one that comes and goes with an answer."""
    places = [question for question in step.fields if question.is_place]
    in_rows = any(inner.is_place for question in step.fields for inner in group_fields(question))
    if not in_rows and len(places) < 2 and not any(question.show_when for question in places):
        return None
    start = place_maps.start_for(application, step)
    return place_maps.drawer(f"{application.address(step)}/live", start, partial(saved_picture, application))

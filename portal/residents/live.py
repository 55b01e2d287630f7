"""What a page learns while it is being filled in: kept answers, and the parts of the page that follow from them."""

from flask import jsonify, render_template, request
from werkzeug.wrappers import Response

from portal.cases import places
from portal.core.access import PUBLIC, allow
from portal.core.errors import Conflict
from portal.core.text import _, current_language
from portal.core.web import db
from portal.residents.application import Application, open_application
from portal.residents.blueprint import bp
from portal.residents.concerned import places_concerned
from portal.residents.measures import measures_of
from portal.residents.posted import posted, read
from portal.residents.step_page import questions_as_typed, saved_words


@bp.post("/apply/d/<public_id>/<step_id>/autosave")
@allow(PUBLIC)
def autosave(public_id: str, step_id: str) -> Response:
    """Keep what is sound of a page that is still being filled in."""
    application = _open(public_id, lock=True)
    reading = read(application, application.step(step_id), posted())
    application.keep(reading.answers)
    return jsonify(saved=saved_words(application))


@bp.post("/apply/d/<public_id>/<step_id>/live")
@allow(PUBLIC)
def live(public_id: str, step_id: str) -> str:
    """The live region for answers as they stand on the page, and the questions that now show or hide. Nothing is kept."""
    application = _open(public_id)
    step = application.step(step_id)
    reading = read(application, step, posted())
    asked = places_concerned(application.definition, step)
    found = places.survey(db(), application.definition, reading.answers, language=current_language(), only=asked)
    application.outcome = application.judge(reading.answers, application.draft.facts | found.facts)
    questions = questions_as_typed(application, step, reading, {})
    return render_template(
        "residents/live.html",
        measures=measures_of(application.definition, step, application.outcome, found, said=reading.errors),
        questions=questions,
        changed=questions.changed(request.form.getlist("shown")),
    )


def _open(public_id: str, *, lock: bool = False) -> Application:
    application = open_application(db(), public_id, lock=lock)
    if application.draft.case_id is not None:
        raise Conflict(_("この申請は、もう送られています。"))
    return application

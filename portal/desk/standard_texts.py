"""Standard texts of departments: the list, one text with its preview, and choosing one for a case."""

from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import standard_texts
from portal.cases.queries import case_for_staff
from portal.cases.standard_words import fitting_texts
from portal.core.access import allow, right, staff_member
from portal.core.clock import today
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor
from portal.core.models import MAX_ID
from portal.core.text import date_ja, using_language
from portal.core.web import db
from portal.desk.standard_text_forms import StandardTextForm, data_of
from portal.desk.viewing import record_look
from portal.identity import list_departments
from portal.procedures import published_procedures
from portal.standard_texts import KINDS, VARIABLES, StandardContent, StandardText

bp = Blueprint("desk_standard_texts", __name__, url_prefix="/desk/texts")
EDIT = right("standard_text.edit")
SAMPLES: Final = {
    "applicant": "山田 花子",
    "number": "見本-1201-00001",
    "procedure": "道路占用許可申請",
    "place": "1丁目付近",
    "office": "道路課",
    "phone": "042-000-0000",
}
"""What stands for the variables in the preview of a text that is for no case yet."""


@bp.get("")
@allow(EDIT)
def index() -> str:
    """The texts of one's own departments, kind by kind."""
    rows = standard_texts.texts_of(db(), staff_member().departments("standard_text.edit"))
    return render_template(
        "desk/standard_texts.html",
        kinds={kind: (name, [row for row in rows if row.kind == kind]) for kind, name in KINDS.items()},
        departments={row.id: row.title["ja"] for row in list_departments(db(), with_closed=True)},
        procedures={offer.key: offer.definition.title.ja for offer in published_procedures(db())},
        several=len({row.department_id for row in rows}) > 1,
        pieces=standard_texts.pieces,
    )


@bp.get("/new")
@allow(EDIT)
def new() -> str:
    """A new text, of the kind that the address names."""
    return _page(StandardTextForm(formdata=None, seen="0", kind=request.args.get("kind", "")), None)


@bp.post("/new")
@allow(EDIT)
def save_new() -> ResponseReturnValue:
    """Keep a new text, or look at it first."""
    return _save(None)


@bp.get("/<int:text_id>")
@allow(EDIT)
def edit(text_id: int) -> str:
    """A text that there is."""
    row = _own(text_id)
    return _page(StandardTextForm(formdata=None, **data_of(row)), row)


@bp.post("/<int:text_id>")
@allow(EDIT)
def save(text_id: int) -> ResponseReturnValue:
    """Keep a text that there is, or look at it first."""
    return _save(_own(text_id))


@bp.post("/<int:text_id>/remove")
@allow(EDIT)
def remove(text_id: int) -> ResponseReturnValue:
    """Take a text out of the lists."""
    standard_texts.remove_text(db(), _own(text_id).id, actor=_actor())
    return redirect(url_for("desk_standard_texts.index"), 303)


@bp.get("/cases/<int:case_id>")
@allow(right("case.message"))
def choose(case_id: int) -> str:
    """The texts of a kind that fit a case, filled in, for the box that `into` names; asked for by a script of the case's page."""
    staff = staff_member()
    case = case_for_staff(db(), case_id, staff)
    staff.require("case.message", case.department_id)
    kind = request.args.get("kind", "")
    page = render_template(
        "desk/_standard_text_choice.html",
        case=case,
        kind=kind if kind in KINDS else "message",
        into=request.args.get("into", ""),
        texts=fitting_texts(db(), case, kind),
        pieces=standard_texts.pieces,
        may_edit=staff.may("standard_text.edit", case.department_id),
    )
    record_look(db(), staff, case=case)
    return page


def _save(row: StandardText | None) -> ResponseReturnValue:
    form = StandardTextForm()
    if not form.validate():
        return _page(form, row), 422
    try:
        content = form.content()
        department_id = form.department({offer.key: offer.department_id for offer in published_procedures(db())})
        if not staff_member().may("standard_text.edit", department_id):
            raise Invalid("課を選んでください。", {"department_id": "課を選んでください。"})
        if form.act.data == "preview":
            return _page(form, row, preview=content)
        text_id, seen = row.id if row else None, form.seen_number
        standard_texts.save_text(
            db(), text_id, content, department_id=department_id, actor=_actor(), expected_version=seen
        )
    except Invalid as error:
        form.show(error)
        return _page(form, row), 422
    except Conflict as error:
        form.seen.data = str(row.number) if row else "0"
        return _page(form, row, conflict=error.message), 409
    return redirect(url_for("desk_standard_texts.index"), 303)


def _page(
    form: StandardTextForm, row: StandardText | None, *, preview: StandardContent | None = None, conflict: str = ""
) -> str:
    own = staff_member().departments("standard_text.edit")
    form.offer(
        {each.id: each.title["ja"] for each in list_departments(db()) if each.id in own},
        {offer.key: offer.definition.title.ja for offer in published_procedures(db()) if offer.department_id in own},
    )
    return render_template(
        "desk/standard_text.html",
        form=form,
        row=row,
        filled={language: _sample(text, language) for language, text in preview.text.items()} if preview else {},
        conflict=conflict,
        variables=VARIABLES,
    )


def _sample(text: str, language: str) -> str:
    """A text as somebody would read it, with the samples in place of its variables."""
    with using_language(language):
        day = date_ja(today(), year=True)
    return standard_texts.fill(text, lambda name: SAMPLES.get(name, day), field="text_ja")


def _own(text_id: int) -> StandardText:
    """A text of a department whose texts this person writes. Raises NotFound for any other."""
    if text_id > MAX_ID:
        raise NotFound
    row = standard_texts.standard_text(db(), text_id)
    if not staff_member().may("standard_text.edit", row.department_id):
        raise NotFound
    return row


def _actor() -> Actor:
    return Actor("staff", staff_member().id, staff_member().name)

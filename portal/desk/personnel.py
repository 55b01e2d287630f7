"""The personnel list (人事異動) as a file: what it would change is read first, then taken in one act."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField

from portal.cases import personnel
from portal.core.access import allow, right, staff_member
from portal.core.errors import Conflict, DomainError, Forbidden, Invalid
from portal.core.events import Actor
from portal.core.forms import Form, HiddenField
from portal.core.text import _
from portal.core.web import STATUS, db
from portal.identity import ALL_DEPARTMENTS, city_roles, list_departments, personnel_list
from writing.decoding import decode_file

bp = Blueprint("desk_personnel", __name__, url_prefix="/desk/personnel")

_MANAGE = right("staff.manage")
_ENCODINGS = {"cp932": "cp932", "utf-8": "utf-8-sig"}
_REPORT = "personnel_report"
"""In the session: what the list that was just taken has changed; its page says it once."""


class FileForm(Form):
    """The file."""

    file = FileField("CSVファイル")


class ListForm(Form):
    """The file that a page showed, and the token of what it would change."""

    content = HiddenField()
    shown = HiddenField()


@bp.get("")
@allow(_MANAGE)
def start() -> str:
    """How the file is written, and where it is chosen."""
    return _page(report=session.pop(_REPORT, None))


@bp.get("/list.<encoding>.csv")
@allow(_MANAGE)
def template(encoding: str) -> ResponseReturnValue:
    """Everybody who works here now, as the file to be changed."""
    encoding = encoding if encoding in _ENCODINGS else "utf-8"
    content = personnel_list.write_personnel(db(), _actor()).encode(_ENCODINGS[encoding], "replace")
    response = Response(content, content_type=f"text/csv; charset={'shift_jis' if encoding == 'cp932' else 'utf-8'}")
    response.headers["Content-Disposition"] = 'attachment; filename="personnel.csv"'
    return response


@bp.post("/preview")
@allow(_MANAGE)
def preview() -> ResponseReturnValue:
    """What a file would change, and what is wrong with it. Nothing is stored."""
    file = FileForm().file.data
    try:
        text = decode_file(file.read()) if file else ""
        if not text:
            sentence = (
                "ファイルを読めません。CSV(UTF-8 か Shift_JIS)で保存してください。"
                if text is None
                else "ファイルを選んでください。"
            )
            raise Invalid(sentence)
        return _preview(text)
    except (Invalid, Forbidden) as refused:
        return _page(refused=refused), _status(refused)


@bp.post("/take")
@allow(_MANAGE)
def take() -> ResponseReturnValue:
    """Take the file that the preview showed."""
    form = ListForm()
    try:
        plan = personnel_list.read_personnel(db(), _actor(), form.content.data)
    except (Invalid, Forbidden) as refused:
        return _page(refused=refused), _status(refused)
    try:
        report = personnel.take_personnel(db(), _actor(), plan, form.shown.data)
    except (Invalid, Conflict, Forbidden) as refused:
        db().rollback()
        return _preview(form.content.data, refused), _status(refused)
    session[_REPORT] = vars(report)
    return redirect(url_for("desk_personnel.start"), 303)


def _preview(text: str, refused: DomainError | None = None) -> str:
    plan = personnel_list.read_personnel(db(), _actor(), text)
    form = ListForm(formdata=None, content=text, shown=personnel.plan_token(plan))
    offices = {row.id: row.title["ja"] for row in list_departments(db())}
    titles = city_roles.role_titles(db())

    def in_words(roles: Any) -> list[str]:
        named = [(offices.get(department, personnel_list.EVERYWHERE[1]), titles[role]) for department, role in roles]
        return sorted(f"{office} {title}" for office, title in named)

    return _page(
        refused=refused,
        plan=plan,
        listing=form,
        lines=refused.fields if isinstance(refused, Invalid) else {},
        in_words=in_words,
        handed={row.line: len(personnel.cases_to_hand_over(db(), row)) for row in plan.rows},
    )


def _page(**context: Any) -> str:
    given: dict[str, Any] = {"plan": None, "refused": None, "report": None, "lines": {}}
    return render_template(
        "desk/personnel.html",
        form=FileForm(formdata=None),
        roles=city_roles.role_titles(db()),
        departments=[(ALL_DEPARTMENTS, personnel_list.EVERYWHERE[1])]
        + [(row.key, row.title["ja"]) for row in list_departments(db())],
        columns=personnel_list.COLUMNS,
        kinds={"new": _("招待する"), "changed": _("変わる"), "leaving": _("退職")},
        **given | context,
    )


def _actor() -> Actor:
    staff = staff_member()
    return Actor("staff", staff.id, staff.name)


def _status(refused: DomainError) -> int:
    return next(STATUS[kind] for kind in type(refused).__mro__ if kind in STATUS)

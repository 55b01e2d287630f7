"""What a page of the desk asks every twenty seconds: whether its list has news, and who else has its case open."""

from flask import Blueprint, Response, jsonify

from portal.cases.case_news import MOST_NEWS, count_news
from portal.cases.presence import be_present
from portal.core.access import allow, right, staff_member
from portal.core.forms import Form, HiddenField
from portal.core.models import MAX_ID
from portal.core.sessions import leave_untouched
from portal.core.text import _
from portal.core.web import db
from portal.desk.case_selection import current_listing
from portal.desk.forms import whole_number

bp = Blueprint("desk_news", __name__, url_prefix="/desk/news")


class NewsForm(Form):
    """The event up to which the list knows everything, the case that is open, and whether somebody is writing in it."""

    since = HiddenField()
    case = HiddenField()
    writing = HiddenField()


@bp.post("")
@allow(right("case.see"))
def news() -> Response:
    """How many cases of the list changed, and what colleagues do with the case. A page asks this by itself, so it keeps no visit alive."""
    leave_untouched()
    form, staff = NewsForm(), staff_member()
    since, case_id = _id(form.since.data), _id(form.case.data)
    count = 0 if since is None else count_news(db(), current_listing(), since, staff.id)
    colleagues = [] if case_id is None else be_present(db(), case_id, staff, writing=form.writing.data == "1")
    present = [
        _("{name} 記入中", name=each.name) if each.writing else _("{name} 閲覧中", name=each.name)
        for each in colleagues
    ]
    told = _("{count}件に新しい動きがあります", count=f"{MOST_NEWS}+" if count >= MOST_NEWS else count) if count else ""
    return jsonify(news=told, colleagues="・".join(present))


def _id(text: str) -> int | None:
    number = whole_number(text, digits=19)
    return number if number is not None and number <= MAX_ID else None

"""Notes in which colleagues named somebody: their list, how many are unread, and whether a mail comes too."""

import wtforms
from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from portal.cases import mentions
from portal.core.access import allow, right, staff_member
from portal.core.forms import Form
from portal.core.web import db
from portal.desk.viewing import record_list

_SHOWN = 100
"""Rows of the list, unread ones first."""

bp = Blueprint("desk_mentions", __name__, url_prefix="/desk/mentions")


class MentionMailForm(Form):
    """Whether mentions come by mail too."""

    by_mail = wtforms.BooleanField("メールでも知らせる")


@bp.get("")
@allow(right("case.see"))
def overview() -> str:
    """What names this person, unread first."""
    staff = staff_member()
    rows = mentions.mentions_of(db(), staff, _SHOWN)
    form = MentionMailForm(formdata=None, by_mail=mentions.wants_mail(db(), staff.id))
    rendered = render_template("desk/mentions.html", rows=rows, form=form)
    record_list(db(), staff, "mentions", len(rows))
    return rendered


@bp.get("/unread")
@allow(right("case.see"))
def unread() -> str:
    """How many are unread, for the menu of every page: asked for by itself, so that no page waits for it."""
    return render_template("desk/_unread_mentions.html", count=mentions.unread_mentions(db(), staff_member()))


@bp.post("/mail")
@allow(right("case.see"))
def choose_mail() -> Response:
    """Be told by mail as well, or in the list alone."""
    mentions.choose_mail(db(), staff_member().id, by_mail=MentionMailForm().by_mail.data)
    return redirect("/desk/mentions", 303)

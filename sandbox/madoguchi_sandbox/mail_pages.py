"""The pages of the mailbox: a list, and one mail with its links alive."""

import re

from flask import Blueprint, abort, redirect, render_template, request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from madoguchi_sandbox import mailbox
from madoguchi_sandbox.api import sandbox_store

bp = Blueprint("mail", __name__, url_prefix="/mail")
_LINK = re.compile(r"https?://[^\s<>「」（）、。]+")


def with_links(text: str) -> Markup:
    """Plain text as HTML: escaped, with addresses of pages as links."""
    pieces, end = [], 0
    for match in _LINK.finditer(text):
        link = Markup('<a href="{0}">{0}</a>').format(match[0])
        pieces += [escape(text[end : match.start()]), link]
        end = match.end()
    return Markup("").join([*pieces, escape(text[end:])])


@bp.get("/")
def inbox() -> str:
    """All mails, or those to `?to=`."""
    to = request.args.get("to", "").strip()
    return render_template("mailbox.html", mails=mailbox.newest(sandbox_store(), to), to=to)


@bp.get("/<int:mail_id>")
def show(mail_id: int) -> str:
    """One mail."""
    mail = mailbox.find(sandbox_store(), mail_id)
    if mail is None:
        abort(404)
    return render_template("mail.html", mail=mail, text=with_links(mail.text))


@bp.post("/empty")
def empty() -> Response:
    """Throw all mails away."""
    mailbox.empty(sandbox_store())
    return redirect("/mail/")

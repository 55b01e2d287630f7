"""The pages of the mailbox: a list, and one mail with clickable links."""

import re

from flask import Blueprint, abort, redirect, render_template, request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from madoguchi_sandbox import mailbox
from madoguchi_sandbox.calls import current_store

bp = Blueprint("mail", __name__, url_prefix="/mail")
_LINK = re.compile(r"https?://[^\s<>「」（）、。]+")


def linkify(text: str) -> Markup:
    """Return plain text as escaped HTML with its URLs as links."""
    pieces, end = [], 0
    for match in _LINK.finditer(text):
        link = Markup('<a href="{0}">{0}</a>').format(match[0])
        pieces += [escape(text[end : match.start()]), link]
        end = match.end()
    return Markup("").join([*pieces, escape(text[end:])])


@bp.get("/")
def inbox() -> str:
    """List all mails, or those to `?to=`."""
    to = request.args.get("to", "").strip()
    return render_template("mailbox.html", mails=mailbox.list_mails(current_store(), to), to=to)


@bp.get("/<int:mail_id>")
def show(mail_id: int) -> str:
    """Show one mail."""
    mail = mailbox.find(current_store(), mail_id)
    if mail is None:
        abort(404)
    return render_template("mail.html", mail=mail, text=linkify(mail.text))


@bp.post("/empty")
def empty() -> Response:
    """Delete all mails."""
    mailbox.delete_all(current_store())
    return redirect("/mail/")

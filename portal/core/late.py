"""A form that was sent after its session had ended. Nothing is done with it, and nothing is lost: the page that answers gives back
what was typed, with a token that counts. For a script it is a note, and the page it stands on stays as it is.
"""

from flask import Response, jsonify, make_response, render_template, request, url_for

from forms.text.ruby import without_readings
from portal.core.access import sign_in_page
from portal.core.page_tokens import give_token, is_same_origin
from portal.core.posted_fields import TOKEN, posted_fields
from portal.core.text import _


def token_ended() -> Response:
    """The answer to a form whose token does not count any more."""
    if not is_same_origin():
        return _answer(400, _("ほかのサイトから送られた内容は、受け取れません。"), None)
    message = _("ページを開いてから時間がたちました。内容を確かめて、もう一度送ってください。")
    return _answer(400, message, None, returns_typed=True)


def sign_in_ended(side: str) -> Response | None:
    """The answer to a form of somebody who is not signed in (any more) on a side; None where nothing was written and the way to
    the sign-in page costs nothing.
    """
    fields, files = posted_fields()
    if request.method != "POST" or not is_same_origin() or not (files or _written(fields)):
        return None
    again = _(
        "サインインの時間が切れました。別の画面でサインインしてから、この画面にもどって、もう一度送ってください。"
    )
    closed = _("サインインできないときは、アカウントが閉じられているか、変えられています。管理者にたずねてください。")
    message = f"{again} {closed}" if side == "staff" else again
    give_token()
    return _answer(403, message, url_for(sign_in_page(side)), returns_typed=True)


def unknown_visitor(message: str, side: str) -> Response:
    """The answer to somebody who is not known (any more) and asks for what may be theirs: where to sign in, and what they sent."""
    page = request.full_path.rstrip("?") if request.method == "GET" else None
    returns_typed = request.method == "POST" and is_same_origin()
    if returns_typed:
        give_token()
    return _answer(404, message, url_for(sign_in_page(side), next=page), returns_typed=returns_typed)


def _written(fields: list[tuple[str, str]]) -> bool:
    return any(text for name, text in fields if name != TOKEN)


def _answer(status: int, message: str, sign_in: str | None, *, returns_typed: bool = False) -> Response:
    if request.accept_mimetypes.best == "application/json":
        return make_response(jsonify(message=without_readings(message), signIn=sign_in), status)
    if request.headers.get("HX-Request") == "true":
        note = render_template("components/error_note.html", status=status, message=message, sign_in=sign_in)
        response = make_response(note, status)
        response.headers["HX-Retarget"] = "#flash"
        return response
    fields, files = posted_fields() if returns_typed else ([], False)
    page = render_template(
        "late.html" if returns_typed else "error.html",
        status=status,
        message=message,
        sign_in=sign_in,
        typed=[(name, text) for name, text in fields if name != TOKEN],
        files=files,
        action=request.full_path.rstrip("?"),
    )
    return make_response(page, status)

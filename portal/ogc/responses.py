"""Answers in the form that the reader wants, with an entity tag; refusals as problem documents (RFC 9457)."""

import json
from collections.abc import Callable
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from flask import Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from portal.core import errors, web
from portal.core.text import _
from portal.ogc.documents import GEOJSON, HTML, JSON

_FORMS = {"json": JSON, "html": HTML}
_JSON_KINDS = (JSON, GEOJSON, "application/schema+json", "application/vnd.oai.openapi+json", "application/problem+json")


def wants_html() -> bool:
    """Whether the reader asked for a page: by `f=html`, or as a browser does. Raises Invalid for an `f` that there is not."""
    form = request.args.get("f")
    if form is None:
        return request.accept_mimetypes.best_match([*_JSON_KINDS, HTML], JSON) == HTML
    if form not in _FORMS:
        sentence = _("f は、json か html にしてください。")
        raise errors.Invalid(sentence, {"f": sentence})
    return form == "html"


def page(template: str, **names: Any) -> Response:
    """A page for people."""
    return _marked(make_response(render_template(template, **names)))


def document(content: Any, media: str = JSON) -> Response:
    """A JSON document, or 304 where the reader has it."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return tagged(sha256(text.encode()).hexdigest()[:32], lambda: text, media)


def tagged(version: str, make: Callable[[], str], media: str, **headers: str) -> Response:
    """A text that is made only if the reader does not have the one of this version; `version` depends on the address too."""
    response = Response(content_type=media)
    response.headers.update(headers)
    response.set_etag(version)
    response.headers["Cache-Control"] = "private, no-cache"
    if not request.if_none_match.contains_weak(version):
        response.set_data(make())
    response.make_conditional(request)
    return _marked(response)


def _marked(response: Response) -> Response:
    response.vary.update({"Accept", "Accept-Language", "Authorization", "Cookie"})
    return response


def problem(error: errors.DomainError) -> Any:
    """A refusal in the form that the reader wants. What was asked wrongly is a bad request here, 400."""
    if _reads_html():
        answer = web.domain_error(error)
        answer.status_code = 400 if isinstance(error, errors.Invalid) else answer.status_code
        return answer
    web.roll_back()
    if isinstance(error, errors.SignInNeeded | errors.StepUpNeeded):
        return _refusal(401, _(error.message))
    status = next(web.STATUS[kind] for kind in type(error).__mro__ if kind in web.STATUS)
    retry_after = error.retry_after if isinstance(error, errors.TooMany | errors.Unavailable) else 0
    return _refusal(400 if isinstance(error, errors.Invalid) else status, _(error.message), retry_after)


def http_problem(error: HTTPException) -> Any:
    """The same for what the framework refused."""
    refused = web.http_error(error)
    if error.code is None or error.code < 400 or _reads_html():
        return refused
    return _refusal(error.code, _("このアドレスでは、その操作はできません。/api で確かめてください。"))


def _refusal(status: int, sentence: str, retry_after: int = 0) -> Response:
    content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": sentence}
    answer = Response(json.dumps(content, ensure_ascii=False), status, content_type="application/problem+json")
    if status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if retry_after:
        answer.headers["Retry-After"] = str(retry_after)
    return answer


def _reads_html() -> bool:
    try:
        return wants_html()
    except errors.Invalid:
        return False

"""Whether a document that the city issued holds, for anybody who has it in hand: by its number and check code, or by the file itself.

What is told says nothing of a person: what kind of document, its number, its days, and whether it holds.
"""

from dataclasses import dataclass
from typing import Final

from flask import redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from portal.core.access import PUBLIC, allow
from portal.core.text import _
from portal.core.web import db
from portal.documents import IssuedDocument, certificates_of_city, document_with_code, document_with_content, spaced
from portal.identity import throttle
from portal.residents.blueprint import bp
from portal.residents.forms import VerifyFileForm, VerifyForm

MAX_BYTES: Final = 5 * 1024 * 1024
"""Issued documents are a tenth of this at most."""


@dataclass(frozen=True)
class Verdict:
    """What is found of a document: itself, or that a file is `altered` (signed by the city, and changed since) or `unknown`."""

    document: IssuedDocument | None
    fault: str = ""


@bp.get("/verify")
@allow(PUBLIC)
def verify() -> str:
    """Ask for the number and the code, or for the file."""
    return _page(VerifyForm(formdata=None), VerifyFileForm(formdata=None))


@bp.post("/verify")
@allow(PUBLIC)
def verify_typed() -> Response | tuple[str, int]:
    """Look up what was typed; the page of a document that there is has an address of its own."""
    form = VerifyForm()
    number, code = form.number.data, form.code.data
    if not number:
        form.number.errors = [_("文書番号を入力してください。書類の右上にあります。")]
    if not code:
        form.code.errors = [_("確認コードを入力してください。書類の下の、QRコードの横にあります。")]
    if number and code:
        issued = _look_up(number, code)
        if issued is not None:
            address = url_for("residents.verified", number=issued.number, token=spaced(issued.check_code))
            return redirect(address, 303)
        form.number.errors = [_("この文書番号と確認コードの書類はありません。2つとも、もう一度確かめてください。")]
    return _page(form, VerifyFileForm(formdata=None)), 422


@bp.get("/verify/<number>/<token>")
@allow(PUBLIC)
def verified(number: str, token: str) -> str | tuple[str, int]:
    """What there is of a document by the address of its QR code."""
    issued = _look_up(number, token)
    if issued is None:
        form = VerifyForm(formdata=None)
        form.number.errors = [_("この文書番号と確認コードの書類はありません。2つとも、もう一度確かめてください。")]
        return _page(form, VerifyFileForm(formdata=None)), 404
    return _page(VerifyForm(formdata=None), VerifyFileForm(formdata=None), Verdict(issued))


@bp.post("/verify/file")
@allow(PUBLIC)
def verify_file() -> str | tuple[str, int]:
    """Compare a file with those that the city issued, byte by byte; nothing of it is read or kept."""
    form, counted = VerifyFileForm(), throttle.limit_document_check()
    sent = request.files.get("file")
    content = sent.stream.read(MAX_BYTES + 1) if isinstance(sent, FileStorage) and sent.filename else b""
    if not content or len(content) > MAX_BYTES:
        form.file.errors = [
            _("5MBまでのPDFのファイルを選んでください。") if content else _("確かめるPDFのファイルを選んでください。")
        ]
        return _page(VerifyForm(formdata=None), form), 422
    issued = document_with_content(db(), content)
    if issued is not None:
        counted.refund()
        return _page(VerifyForm(formdata=None), form, Verdict(issued))
    folded = content.lower()
    altered = any(certificate.hex().encode() in folded for certificate in certificates_of_city(db()))
    return _page(VerifyForm(formdata=None), form, Verdict(None, "altered" if altered else "unknown"))


def _look_up(number: str, code: str) -> IssuedDocument | None:
    """The document of a number and code; a look-up that finds nothing stays counted. Raises TooMany."""
    counted = throttle.limit_document_check()
    issued = document_with_code(db(), number, code)
    if issued is not None:
        counted.refund()
    return issued


def _page(form: VerifyForm, file_form: VerifyFileForm, verdict: Verdict | None = None) -> str:
    return render_template("residents/verify.html", form=form, file_form=file_form, verdict=verdict)

"""Responses with a file: as a download, under a safe name, and without any rights should a browser display it after all."""

from urllib.parse import quote

from flask import Response

from portal.files.models import StoredFile
from portal.files.names import extension_of


def attachment(file: StoredFile, content: bytes) -> Response:
    """Return the file as a download (RFC 6266, name by RFC 5987)."""
    response = Response(content, mimetype=file.media_type)
    response.headers["Content-Disposition"] = disposition(file.name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def pdf_attachment(name: str, content: bytes) -> Response:
    """Return a document that the portal made as a download; `name` without extension."""
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = disposition(f"{name}.pdf")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def thumbnail(content: bytes) -> Response:
    """Return a thumbnail to be shown on a page of the person whose file it is."""
    return picture(content, "image/jpeg")


def picture(content: bytes, media_type: str) -> Response:
    """Return a picture that the portal encoded itself, to be shown on a page."""
    response = Response(content, mimetype=media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def disposition(name: str) -> str:
    """Return the Content-Disposition header for a name that may be Japanese, with an ASCII name for old clients."""
    extension = extension_of(name)
    plain = f"file.{extension}" if extension.isascii() and extension.isalnum() else "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"

"""The pictures that help to answer, on residents' pages: served from here alone, and only what a published version shows."""

from collections.abc import Mapping

from flask import Response, url_for

from forms import Definition
from forms.bundling import Composition
from forms.definition.pictures import pictures_in
from forms.fields.shown import ShownPicture
from portal import procedures
from portal.core.access import PUBLIC, allow
from portal.core.web import db
from portal.procedures import ProcedurePicture
from portal.residents.blueprint import bp


@bp.get("/procedures/<key>/pictures/<filename>")
@allow(PUBLIC)
def picture(key: str, filename: str) -> Response:
    """One picture. It keeps its content under its name, so browsers need not ask again."""
    return picture_response(
        procedures.pictures.picture(db(), key, filename, published=True), "public, max-age=604800, immutable"
    )


def picture_response(row: ProcedurePicture, caching: str) -> Response:
    """A picture as a response that is nothing but a picture."""
    response = Response(row.content, mimetype=row.media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = caching
    return response


def shown_pictures(definition: Definition, view: str) -> Mapping[str, ShownPicture]:
    """The pictures that a definition shows, by their files; no statement for one that shows none. `view` serves them.

    Where several procedures are asked together, those of each.
    """
    if isinstance(definition, Composition):
        shown: dict[str, ShownPicture] = {}
        for member in definition.members.values():
            shown |= shown_pictures(member.definition, view)
        return shown
    names = {picture.file for _path, picture in pictures_in(definition)}
    procedure = procedures.find_procedure(db(), definition.procedure) if names else None
    if procedure is None:
        return {}
    return {
        row.name: ShownPicture(url_for(view, key=procedure.key, filename=row.name), row.width, row.height)
        for row in procedures.pictures.pictures_of(db(), procedure.id)
        if row.name in names
    }

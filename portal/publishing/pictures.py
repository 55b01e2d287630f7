"""The pictures of a procedure in the editor: put in, looked at, taken out; and a definition that travels with them as one file."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue
from PIL import Image

from forms.definition.pictures import pictures_in
from forms.fields.picture import PICTURE_FILE
from portal import files, procedures
from portal.core.access import allow, staff_member
from portal.core.errors import Conflict, Invalid, Unavailable
from portal.core.text import _
from portal.core.web import db
from portal.procedures import NewPicture, Procedure
from portal.publishing.blueprint import EDIT, bp
from portal.publishing.editing import editor
from portal.publishing.forms import PictureForm
from portal.publishing.preview import PreviewOptions
from portal.publishing.preview_page import loadable
from portal.publishing.reach import procedure_of, saved_text
from portal.residents.pictures import picture_response

MAX_BYTES = 2_000_000
FOLDER = "pictures/"
"""Where pictures are beside a definition, on a disk and in a ZIP file."""
_RULES = files.FileRules(media_types=frozenset({"image/jpeg", "image/png"}), max_bytes=MAX_BYTES)


@bp.get("/<key>/pictures/<filename>")
@allow(EDIT)
def picture(key: str, filename: str) -> Response:
    """One picture, published or not, for the editor and its preview."""
    procedure = procedure_of(key)
    return picture_response(
        procedures.pictures.picture(db(), procedure.key, filename, published=False), "private, no-store"
    )


@bp.post("/<key>/pictures")
@allow(EDIT)
def add_picture(key: str) -> ResponseReturnValue:
    """Put a picture in: its bytes decide what it is, and it is encoded again."""
    procedure, form = procedure_of(key), PictureForm()
    try:
        if not form.file.data:
            raise Invalid(_("画像のファイルを選んでください。"))
        upload = form.file.data
        new = checked_picture(upload.filename or "", upload.stream.read(MAX_BYTES + 1), _names(procedure))
        procedures.pictures.add_picture(db(), procedure, new, staff_member().id)
    except (Invalid, Conflict, Unavailable) as error:
        return _refused(procedure, error)
    return redirect(url_for("publishing.edit", key=key) + "#pictures", 303)


@bp.post("/<key>/pictures/<filename>/remove")
@allow(EDIT)
def remove_picture(key: str, filename: str) -> ResponseReturnValue:
    """Take a picture out that no published version shows."""
    procedure = procedure_of(key)
    try:
        procedures.pictures.remove_picture(db(), procedure, filename)
    except Conflict as error:
        return _refused(procedure, error)
    return redirect(url_for("publishing.edit", key=key) + "#pictures", 303)


def _refused(procedure: Procedure, error: Invalid | Conflict | Unavailable) -> ResponseReturnValue:
    status = 422 if isinstance(error, Invalid) else 503 if isinstance(error, Unavailable) else 409
    return editor(procedure, saved_text(procedure), PreviewOptions(), problem=error.message), status


def _names(procedure: Procedure) -> set[str]:
    return {row.name for row in procedures.pictures.pictures_of(db(), procedure.id)}


def checked_picture(file_name: str, content: bytes, taken: Iterable[str] = ()) -> NewPicture:
    """A picture as it will be kept: JPEG or PNG, without what a camera wrote into it, under a name for definitions.

    A name that can be written as it is stays; else one is made that is not `taken`. Raises Invalid in words, and Busy.
    """
    accepted = files.inspect_upload("file", files.Upload(file_name, io.BytesIO(content)), _RULES)
    ending = "png" if accepted.media_type == "image/png" else "jpg"
    with Image.open(io.BytesIO(accepted.content)) as made:  # our own encoder's
        width, height = made.size
    return NewPicture(_name(file_name, ending, set(taken)), accepted.media_type, accepted.content, width, height)


def _name(file_name: str, ending: str, taken: set[str]) -> str:
    plain = re.sub(r"[^a-z0-9_]+", "-", file_name.rpartition("/")[2].rpartition(".")[0].lower()).strip("-_")[:50]
    if plain:
        return f"{plain}.{ending}"
    return next(name for number in range(1, 1000) if (name := f"picture-{number}.{ending}") not in taken)


def packed(procedure: Procedure, source: str, file_name: str) -> bytes | None:
    """A definition with the pictures that it shows as a ZIP file; None where it shows none."""
    definition = loadable(db(), source)
    shown = {picture.file for _path, picture in pictures_in(definition)} if definition else set()
    rows = [row for row in procedures.pictures.pictures_of(db(), procedure.id) if row.name in shown]
    if not rows:
        return None
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(file_name, source)
        for row in rows:
            archive.writestr(FOLDER + row.name, row.content)
    return out.getvalue()


def unpacked(content: bytes, most_text: int) -> tuple[bytes, Mapping[str, bytes]]:
    """The definition in a ZIP file, and the pictures beside it by their names. Raises Invalid for any other contents.

    What would unfold to more than is allowed is not read: the sizes that the file states are looked at first, and held to.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            texts = [entry for entry in entries if entry.filename.endswith((".yaml", ".yml"))]
            pictures = [entry for entry in entries if PICTURE_FILE.fullmatch(entry.filename.rpartition(FOLDER)[2])]
            if len(texts) != 1 or len(pictures) > procedures.pictures.MAX_PICTURES:
                raise Invalid(_("ZIPには、定義(YAML)を1つと、pictures フォルダーの画像を入れてください。"))
            text = _read(archive, texts[0], most_text)
            return text, {entry.filename.rpartition("/")[2]: _read(archive, entry, MAX_BYTES) for entry in pictures}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError) as error:
        raise Invalid(_("このZIPファイルは開けませんでした。もう一度、作り直してください。")) from error


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    with archive.open(entry) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise Invalid(_("ZIPのなかの「{name}」が大きすぎます。", name=entry.filename[-60:]))
    return content


def checked_pictures(pictures: Mapping[str, bytes]) -> Iterator[NewPicture]:
    """Pictures that came beside a definition, each under the name that it had there. Raises Invalid, and Busy."""
    for name, content in pictures.items():
        new = checked_picture(name, content)
        if new.name != name:
            raise Invalid(
                _("画像「{name}」の中身は {kind} です。名前の終わりを直してください。", name=name, kind=new.media_type)
            )
        yield new

"""The files of an answer to the office: added one by one as they are chosen, looked at, taken out before it is sent."""

from flask import jsonify, request
from werkzeug.wrappers import Response

from forms.fields.file import Files
from forms.text.messages import message
from portal import files
from portal.core.access import PUBLIC, allow
from portal.core.errors import Conflict, NotFound
from portal.core.text import _, current_language
from portal.core.web import db
from portal.files.models import StoredFile
from portal.files.serving import attachment, thumbnail
from portal.residents import uploads
from portal.residents.blueprint import bp
from portal.residents.correcting import Correction, open_correction


@bp.post("/me/cases/<public_id>/correction/files/<key>")
@allow(PUBLIC)
def add_correction_file(public_id: str, key: str) -> Response:
    """Keep one file that was just chosen. The page names those handed in that are still wanted."""
    mending = open_correction(public_id)
    asked = _question(mending, key)
    if mending.case.draft_id is None:
        raise Conflict(_("この申請には、ファイルを追加できません。市役所に相談してください。"))

    def there() -> list[StoredFile]:
        nonlocal mending
        mending = open_correction(public_id, lock=True)
        return mending.kept(asked, _named(asked))

    kept = uploads.take(db(), mending.case.draft_id, asked, uploads.sent_file(), there=there)
    mending.forget_added()
    return _answer(mending, asked, _named(asked), kept.said)


@bp.post("/me/cases/<public_id>/correction/files/<key>/remove")
@allow(PUBLIC)
def remove_correction_file(public_id: str, key: str) -> Response:
    """Take one file out. Pressing twice is no fault: the answer shows what is there."""
    mending = open_correction(public_id, lock=True)
    asked = _question(mending, key)
    file_id = request.form.get("file", "")
    removed = mending.take_out(asked, file_id)
    said = message("file_removed", current_language(), name=removed.name) if removed else ""
    return _answer(mending, asked, _named(asked) - {file_id}, said)


@bp.get("/me/cases/<public_id>/correction/files/<file_id>")
@allow(PUBLIC)
def correction_file(public_id: str, file_id: str) -> Response:
    """A file that was handed in or added since."""
    stored = _file(open_correction(public_id), file_id)
    return attachment(stored, files.open_for_applicant(db(), stored))


@bp.get("/me/cases/<public_id>/correction/files/<file_id>/thumbnail")
@allow(PUBLIC)
def correction_thumbnail(public_id: str, file_id: str) -> Response:
    """A picture that was handed in or added since, small."""
    return thumbnail(files.thumbnail_for_applicant(db(), _file(open_correction(public_id), file_id)))


def _file(mending: Correction, file_id: str) -> StoredFile:
    for file in (*mending.handed_in, *mending.added):
        if file.public_id == file_id:
            return file
    raise NotFound("このファイルは見つかりません。")


def _question(mending: Correction, key: str) -> Files:
    for asked in mending.file_questions:
        if asked.id == key:
            return asked
    raise NotFound


def _named(asked: Files) -> set[str]:
    return set(request.form.getlist(f"{asked.id}.files"))


def _answer(mending: Correction, asked: Files, named: set[str], said: str) -> Response:
    return jsonify(uploads.answer(asked, mending.kept(asked, named), mending.file_links, said))

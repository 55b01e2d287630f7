"""Inspecting an upload: its bytes decide what it is, what can be cleaned is cleaned, and its name gets the right extension."""

from contextlib import suppress
from dataclasses import dataclass

from portal.core.text import _, listed
from portal.files.content_type import media_type_of
from portal.files.kinds import EXTENSIONS, PDF, FileRejected, FileRules, Upload
from portal.files.names import clean_name, extension_fits, with_extension
from portal.files.pdfs import check_pdf
from portal.files.pictures import reencode, thumbnail_of
from portal.files.slots import Busy


@dataclass(frozen=True)
class Accepted:
    """A file as it will be stored."""

    name: str
    media_type: str
    content: bytes
    thumbnail: bytes | None = None


def inspect(upload: Upload, rules: FileRules) -> Accepted:
    """Return the upload inspected and cleaned. Raises FileRejected with a message for the person who chose the file, and Busy."""
    name = clean_name(upload.name)
    content = upload.stream.read(rules.max_bytes + 1)
    if not content:
        raise FileRejected(_("ファイルの中身がありません。もう一度選んでください。"))
    if len(content) > rules.max_bytes:
        raise FileRejected(_("ファイルが大きすぎます。{n}MBまでにしてください。", n=rules.max_bytes // 1_000_000))
    media_type = media_type_of(content)
    if media_type not in EXTENSIONS or not rules.accepts(media_type):
        raise FileRejected(
            _("この種類のファイルは受け取れません。{kinds}のファイルを選んでください。", kinds=listed(rules.kinds))
        )
    if not extension_fits(name, media_type):
        raise FileRejected(_("ファイルの名前と中身の種類がちがいます。もとのファイルを選び直してください。"))
    if media_type == PDF:
        check_pdf(content)
        return Accepted(with_extension(name, PDF), PDF, content)
    picture, picture_type = reencode(content, media_type, rules.max_bytes)
    thumbnail = None
    with suppress(FileRejected, Busy):  # it can be made later
        thumbnail = thumbnail_of(picture, picture_type)
    return Accepted(with_extension(name, picture_type), picture_type, picture, thumbnail)

"""What an upload really is: its bytes decide, and what can be cleaned comes out clean, under a name with the right extension."""

from contextlib import suppress
from dataclasses import dataclass

from portal.core.text import _, current_language
from portal.files.content_type import media_type_of
from portal.files.kinds import EXTENSIONS, PDF, FileRules, NotAccepted, Upload
from portal.files.names import clean_name, fits, named_as
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
    """The upload, judged and cleaned. Raises NotAccepted in words for the person who chose the file, and Busy."""
    name = clean_name(upload.name)
    content = upload.stream.read(rules.max_bytes + 1)
    if not content:
        raise NotAccepted(_("ファイルの中身がありません。もう一度選んでください。"))
    if len(content) > rules.max_bytes:
        raise NotAccepted(_("ファイルが大きすぎます。{n}MBまでにしてください。", n=rules.max_bytes // 1_000_000))
    media_type = media_type_of(content)
    if media_type not in EXTENSIONS or not rules.take(media_type):
        kinds = (", " if current_language() == "en" else "・").join(rules.kinds)
        raise NotAccepted(_("この種類のファイルは受け取れません。{kinds}のファイルを選んでください。", kinds=kinds))
    if not fits(name, media_type):
        raise NotAccepted(_("ファイルの名前と中身の種類がちがいます。もとのファイルを選び直してください。"))
    if media_type == PDF:
        check_pdf(content)
        return Accepted(named_as(name, PDF), PDF, content)
    picture, drawn_as = reencode(content, media_type, rules.max_bytes)
    small = None
    with suppress(NotAccepted, Busy):  # it can be made later
        small = thumbnail_of(picture, drawn_as)
    return Accepted(named_as(name, drawn_as), drawn_as, picture, small)

"""What an upload really is: its bytes decide, its ending must agree, and what can be cleaned comes out clean."""

from dataclasses import dataclass

import magic

from portal.core.text import _, current_language
from portal.files.kinds import ENDINGS, JPEG, PDF, FileRules, NotAccepted, Upload
from portal.files.names import clean_name, ending_of, with_ending
from portal.files.papers import check_paper
from portal.files.pictures import drawn_anew

_HEAD = 8192


@dataclass(frozen=True)
class Accepted:
    """A file as it will be stored."""

    name: str
    media_type: str
    content: bytes


def inspect(upload: Upload, rules: FileRules) -> Accepted:
    """The upload, judged and cleaned. Raises NotAccepted in words for the person who chose the file."""
    name = clean_name(upload.name)
    content = upload.stream.read(rules.max_bytes + 1)
    if not content:
        raise NotAccepted(_("ファイルの中身がありません。もう一度選んでください。"))
    if len(content) > rules.max_bytes:
        raise NotAccepted(_("ファイルが大きすぎます。{n}MBまでにしてください。", n=rules.max_bytes // 1_000_000))
    media_type = magic.from_buffer(content[:_HEAD], mime=True)
    if media_type not in ENDINGS or media_type not in rules.media_types:
        kinds = (", " if current_language() == "en" else "・").join(rules.kinds)
        raise NotAccepted(_("この種類のファイルは受け取れません。{kinds}のファイルを選んでください。", kinds=kinds))
    if ending_of(name) not in ENDINGS[media_type]:
        raise NotAccepted(_("ファイルの名前と中身の種類がちがいます。もとのファイルを選び直してください。"))
    if media_type == PDF:
        check_paper(content)
        return Accepted(name, PDF, content)
    picture, drawn_as = drawn_anew(content, media_type, rules.max_bytes)
    return Accepted(with_ending(name, "jpg") if drawn_as == JPEG != media_type else name, drawn_as, picture)

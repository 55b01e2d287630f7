"""Pictures are drawn anew, which leaves behind what was hidden in the file: the place it was taken, other files, broken parts."""

from portal.core.text import _
from portal.files.child import ChildFailed, run_isolated
from portal.files.kinds import AVIF, HEIC, HEIF, JPEG, PNG, WEBP, NotAccepted

_FORMATS = {JPEG: "JPEG", PNG: "PNG", HEIC: "HEIF", HEIF: "HEIF", WEBP: "WEBP", AVIF: "AVIF"}

_THUMBNAIL = 256
"""The longest side of a small picture, in pixels: it is shown at 64, on telephones with four points to the pixel."""


def reencode(content: bytes, media_type: str, max_bytes: int = 10_000_000) -> tuple[bytes, str]:
    """The picture upright and without its metadata, and its media type (PNG stays, every other kind becomes JPEG).

    It is decoded by `image_reencoding` in a process that may use little. A picture that comes out larger than `max_bytes` is made
    smaller. Raises NotAccepted for what cannot be read in full or has more than 25 million pixels, and Busy.
    """
    return _worked_on(content, media_type, str(max_bytes))


def thumbnail_of(content: bytes, media_type: str) -> bytes:
    """A small JPEG of a picture as `reencode` gave it. Raises NotAccepted and Busy."""
    return _worked_on(content, media_type, "0", str(_THUMBNAIL))[0]


def _worked_on(content: bytes, media_type: str, *arguments: str) -> tuple[bytes, str]:
    try:
        answer = run_isolated("image_reencoding.py", content, _FORMATS[media_type], *arguments)
    except ChildFailed as error:
        raise _unreadable() from error
    kind, _line, drawn = answer.partition(b"\n")
    if kind == b"large":
        raise NotAccepted(
            _("写真の縦横が大きすぎます。2,500万画素までにしてください。撮り直すか、小さくしてから選んでください。")
        )
    if kind not in (b"jpeg", b"png") or not drawn:
        raise _unreadable()
    return drawn, PNG if kind == b"png" else JPEG


def _unreadable() -> NotAccepted:
    return NotAccepted(_("写真を開けませんでした。撮り直すか、別の写真を選んでください。"))

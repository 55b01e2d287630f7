"""Pictures are re-encoded, which drops what was hidden in the file: where it was taken, other files, broken parts."""

from portal.core.text import _
from portal.files.isolated_process import IsolatedProcessFailed, run_isolated
from portal.files.kinds import AVIF, HEIC, HEIF, JPEG, PNG, WEBP, FileRejected

_FORMATS = {JPEG: "JPEG", PNG: "PNG", HEIC: "HEIF", HEIF: "HEIF", WEBP: "WEBP", AVIF: "AVIF"}

_THUMBNAIL = 256
"""The longest side of a thumbnail, in pixels: it is shown at 64, on telephones with four device pixels to one of CSS."""


def reencode(content: bytes, media_type: str, max_bytes: int = 10_000_000) -> tuple[bytes, str]:
    """Return the picture upright and without its metadata, and its media type (PNG stays, every other kind becomes JPEG).

    It is decoded by `image_reencoding` in a process with limited resources. A picture that becomes larger than `max_bytes` is scaled
    down. Raises FileRejected for what cannot be read in full or has more than 25 million pixels, and Busy.
    """
    return _run(content, media_type, str(max_bytes))


def thumbnail_of(content: bytes, media_type: str) -> bytes:
    """Return a thumbnail, a JPEG, of a picture that `reencode` returned. Raises FileRejected and Busy."""
    return _run(content, media_type, "0", str(_THUMBNAIL))[0]


def _run(content: bytes, media_type: str, *arguments: str) -> tuple[bytes, str]:
    try:
        output = run_isolated("image_reencoding.py", content, _FORMATS[media_type], *arguments)
    except IsolatedProcessFailed as error:
        raise _unreadable() from error
    kind, _line, encoded = output.partition(b"\n")
    if kind == b"large":
        raise FileRejected(
            _("写真の縦横が大きすぎます。2,500万画素までにしてください。撮り直すか、小さくしてから選んでください。")
        )
    if kind not in (b"jpeg", b"png") or not encoded:
        raise _unreadable()
    return encoded, PNG if kind == b"png" else JPEG


def _unreadable() -> FileRejected:
    return FileRejected(_("写真を開けませんでした。撮り直すか、別の写真を選んでください。"))

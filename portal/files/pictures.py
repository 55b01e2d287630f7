"""Pictures are drawn anew, which leaves behind what was hidden in the file: the place it was taken, other files, broken parts."""

import io
import struct
import zlib
from functools import cache

from PIL import Image, ImageOps, UnidentifiedImageError

from portal.core.text import _
from portal.files.kinds import HEIC, HEIF, JPEG, PNG, NotAccepted

_MOST_PIXELS = 50_000_000
_LONGEST_SIDE = 16_000
_SMALLER = 4_000
"""The longest side, in pixels, of a picture that had to be made smaller: a page at 340 dots an inch."""
_QUALITY = 90
_BROKEN = (
    UnidentifiedImageError,
    OSError,
    EOFError,
    ValueError,
    TypeError,
    LookupError,
    SyntaxError,
    RuntimeError,
    OverflowError,
    struct.error,
    zlib.error,
)
"""What decoders raise on bytes that are no picture, or only half of one."""
_FORMATS = {JPEG: "JPEG", PNG: "PNG", HEIC: "HEIF", HEIF: "HEIF"}


def drawn_anew(content: bytes, media_type: str, max_bytes: int = 10_000_000) -> tuple[bytes, str]:
    """The picture upright and without its metadata, and its media type (HEIC becomes JPEG, which every office can open).

    A picture that comes out larger than `max_bytes` is made smaller. Raises NotAccepted for what cannot be read in full,
    or would unfold to more than 50 million pixels.
    """
    if media_type in {HEIC, HEIF}:
        _register_heif()
    try:
        with Image.open(io.BytesIO(content), formats=[_FORMATS[media_type]]) as opened:
            width, height = opened.size
            if width * height > _MOST_PIXELS or max(width, height) > _LONGEST_SIDE:
                raise _too_large()
            upright = ImageOps.exif_transpose(opened)
            draw, drawn_as = (_png, PNG) if media_type == PNG else (_jpeg, JPEG)
            drawn = draw(upright)
            if len(drawn) > max_bytes:
                upright.thumbnail((_SMALLER, _SMALLER))
                drawn = draw(upright)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except _BROKEN as error:
        raise NotAccepted(_("写真を開けませんでした。撮り直すか、別の写真を選んでください。")) from error
    if len(drawn) > max_bytes:
        raise _too_large()
    return drawn, drawn_as


def _too_large() -> NotAccepted:
    return NotAccepted(_("写真の縦横が大きすぎます。小さくしてから選んでください。"))


def _jpeg(picture: Image.Image) -> bytes:
    return _saved(picture.convert("RGB"), format="JPEG", quality=_QUALITY, optimize=True)


def _png(picture: Image.Image) -> bytes:
    mode = "RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB"
    return _saved(picture.convert(mode), format="PNG")


def _saved(picture: Image.Image, **options: str | int | bool) -> bytes:
    picture.info.clear()
    out = io.BytesIO()
    picture.save(out, **options)  # type: ignore[arg-type]
    return out.getvalue()


@cache
def _register_heif() -> None:
    from pillow_heif import register_heif_opener

    register_heif_opener()

"""Decodes and re-encodes one picture, in a process of its own with little memory and time: a few kilobytes may decompress to
gigabytes, and a decoder may crash. Run as a program with a format of Pillow, the maximum size of the output in bytes and, for a
thumbnail, its longest side in pixels. Reads the picture from standard input; writes `jpeg` or `png`, a line feed and the picture, or
one of the words `unreadable` and `large`.
"""

import io
import resource
import struct
import sys
import warnings
import zlib
from typing import Any

from PIL import AvifImagePlugin, Image, ImageOps, UnidentifiedImageError

MAX_PIXELS = 25_000_000
"""A sheet of A3 at 300 dots an inch has 17 million, the picture of a good telephone 12 to 24 million."""
_MAX_SIDE = 16_000
_REDUCED_SIDE = 4_000
"""The longest side, in pixels, of a picture that had to be scaled down: a page at 340 dots an inch."""
_QUALITY = 90
_MEMORY = 1_000_000_000
"""Address space, in bytes. The largest picture that is accepted needs about half of it."""
_SECONDS = 20
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
"""What decoders raise for bytes that are not a picture, or a truncated one."""


class TooLarge(Exception):
    """A picture of more pixels than are decoded, or larger than allowed even after it was scaled down."""


class Unreadable(Exception):
    """Bytes that are not a picture of the format, or a truncated one."""


def make_thumbnail(content: bytes, picture_format: str, side: int) -> bytes:
    """Return the picture as a JPEG, at most `side` pixels wide and high. Raises TooLarge and Unreadable."""
    try:
        with _open(content, picture_format) as opened:
            opened.draft("RGB", (side, side))  # a JPEG is decoded at a fraction of its size
            opened.thumbnail((side, side))
            return _jpeg(opened)
    except MemoryError as error:
        raise TooLarge from error
    except _BROKEN as error:
        raise Unreadable from error


def reencode(content: bytes, picture_format: str, max_bytes: int) -> tuple[str, bytes]:
    """Return `jpeg` or `png`, and the picture upright and without its metadata; of several pictures in the file the first.

    PNG stays PNG; everything else becomes JPEG, which every office can open. The number of pixels is read from the
    file's header before anything is decoded. Raises TooLarge and Unreadable.
    """
    try:
        with _open(content, picture_format) as opened:
            upright = ImageOps.exif_transpose(opened)
        encode = _png if picture_format == "PNG" else _jpeg
        encoded = encode(upright)
        if len(encoded) > max_bytes:
            upright.thumbnail((_REDUCED_SIDE, _REDUCED_SIDE))
            encoded = encode(upright)
    except MemoryError as error:
        raise TooLarge from error
    except _BROKEN as error:
        raise Unreadable from error
    if len(encoded) > max_bytes:
        raise TooLarge
    return "png" if picture_format == "PNG" else "jpeg", encoded


def _open(content: bytes, picture_format: str) -> Image.Image:
    """Return the picture, not decoded yet. Raises TooLarge, and what `_BROKEN` lists."""
    Image.MAX_IMAGE_PIXELS = None  # checked here, the same for every format
    opened = Image.open(io.BytesIO(content), formats=[picture_format])
    width, height = opened.size
    if width * height > MAX_PIXELS or max(width, height) > _MAX_SIDE:
        raise TooLarge
    return opened


def _jpeg(picture: Image.Image) -> bytes:
    if _is_transparent(picture):
        background = Image.new("RGB", picture.size, "white")
        layer = picture.convert("RGBA")
        background.paste(layer, mask=layer)
        picture = background
    return _encode(picture.convert("RGB"), "JPEG", quality=_QUALITY, optimize=True)


def _png(picture: Image.Image) -> bytes:
    return _encode(picture.convert("RGBA" if _is_transparent(picture) else "RGB"), "PNG", compress_level=3)


def _is_transparent(picture: Image.Image) -> bool:
    return "A" in picture.getbands() or "transparency" in picture.info


def _encode(picture: Image.Image, picture_format: str, **options: Any) -> bytes:
    picture.info.clear()
    out = io.BytesIO()
    picture.save(out, picture_format, **options)
    return out.getvalue()


def _prepare(picture_format: str) -> None:
    """One thread for each decoder: more would only take more memory, and other uploads wait for the processor."""
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    if picture_format == "HEIF":
        import pillow_heif

        pillow_heif.options.DECODE_THREADS = 1
        pillow_heif.register_heif_opener()


def main(picture_format: str, max_bytes: str, side: str = "") -> None:
    """Limit this process, then do what the module says."""
    warnings.simplefilter("ignore")  # a decoder's warnings are of no use
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _prepare(picture_format)
    content = sys.stdin.buffer.read()
    try:
        if side:
            kind, encoded = "jpeg", make_thumbnail(content, picture_format, int(side))
        else:
            kind, encoded = reencode(content, picture_format, int(max_bytes))
    except TooLarge:
        sys.stdout.write("large")
    except Unreadable:
        sys.stdout.write("unreadable")
    else:
        sys.stdout.buffer.write(kind.encode() + b"\n" + encoded)


if __name__ == "__main__":
    main(*sys.argv[1:])

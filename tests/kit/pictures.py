"""Pictures as residents send them."""

import io

from PIL import Image


def photo(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    """A small picture of one colour."""
    file = io.BytesIO()
    Image.new("RGB", size, (200, 120, 40)).save(file, kind, **options)
    return file.getvalue()

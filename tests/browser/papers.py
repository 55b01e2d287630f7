"""Files that people hand in, made on the spot."""

from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw


def drawing(folder: Path) -> Path:
    """A PDF of one empty page."""
    path = folder / "平面図.pdf"
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(595, 842))
        document.save(path)
    return path


def photo(folder: Path, name: str = "写真.jpg") -> Path:
    """A small picture."""
    path = folder / name
    image = Image.new("RGB", (640, 480), "#b9dba9")
    ImageDraw.Draw(image).ellipse((200, 150, 440, 330), fill="#4d4d4d")
    image.save(path, "JPEG")
    return path

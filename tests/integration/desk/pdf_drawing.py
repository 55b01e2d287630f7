"""Where lines of a PDF lie on the paper, in millimetres: its content is run as far as paths, matrices and forms go."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf

Matrix = tuple[float, float, float, float, float, float]
Line = list[tuple[float, float]]
_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
_MM = 25.4 / 72


def lines_of(content: bytes, page: int = 0) -> list[tuple[str, Line]]:
    """Each subpath of a page with the colour of its stroke (`r g b`), its corners in millimetres from the lower left of the page."""
    with pikepdf.open(BytesIO(content)) as document:
        sheet = document.pages[page]
        return list(_run(sheet, sheet.obj.get("/Resources"), _IDENTITY))


def pages_of(content: bytes) -> list[tuple[float, float]]:
    """Width and height of each page in millimetres."""
    with pikepdf.open(BytesIO(content)) as document:
        return [(float(page.mediabox[2]) * _MM, float(page.mediabox[3]) * _MM) for page in document.pages]


def _run(stream: Any, resources: Any, matrix: Matrix) -> Iterator[tuple[str, Line]]:
    kept: list[tuple[Matrix, str]] = []
    line: Line = []
    stroke = ""
    for operands, operator in pikepdf.parse_content_stream(stream):
        name = str(operator)
        if name == "q":
            kept.append((matrix, stroke))
        elif name == "Q":
            matrix, stroke = kept.pop()
        elif name == "cm":
            matrix = _times(tuple(float(value) for value in operands), matrix)
        elif name in {"RG", "SCN"}:
            stroke = " ".join(f"{float(value):.3f}" for value in operands if not isinstance(value, pikepdf.Name))
        elif name in {"m", "l"}:
            if name == "m":
                if line:
                    yield stroke, line
                line = []
            line.append(_at(matrix, float(operands[0]), float(operands[1])))
        elif name in {"S", "s", "f", "f*", "B", "B*", "b", "n"}:
            if line:
                yield stroke, line
            line = []
        elif name == "Do":
            form = resources["/XObject"][str(operands[0])]
            if form.get("/Subtype") == "/Form":
                own = tuple(float(value) for value in form.get("/Matrix", _IDENTITY))
                yield from _run(form, form.get("/Resources", resources), _times(own, matrix))


def _times(first: Any, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _at(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return ((a * x + c * y + e) * _MM, (b * x + d * y + f) * _MM)

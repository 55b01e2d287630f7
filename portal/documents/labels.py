"""Labels for letters: addresses on A4 sheets of labels of equal size, which shops sell in a few layouts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.documents.renderer import lay_out

A4_MM = (210.0, 297.0)


@dataclass(frozen=True, slots=True)
class LabelSheet:
    """Columns and rows of labels, and the size of one in millimetres. They lie side by side, in the midst of the sheet."""

    columns: int
    rows: int
    width_mm: float
    height_mm: float

    @property
    def number(self) -> int:
        """Labels on a sheet."""
        return self.columns * self.rows

    @property
    def left_mm(self) -> float:
        """From the edge of the sheet to the first column."""
        return (A4_MM[0] - self.columns * self.width_mm) / 2

    @property
    def top_mm(self) -> float:
        """From the edge of the sheet to the first row."""
        return (A4_MM[1] - self.rows * self.height_mm) / 2


SHEETS: Mapping[str, LabelSheet] = {
    "10": LabelSheet(2, 5, 86.4, 50.8),
    "12": LabelSheet(2, 6, 86.4, 42.3),
    "24": LabelSheet(3, 8, 66.0, 33.9),
}
"""Sheets by the number of labels (面), as Japanese makers sell them with margins on all four sides."""


def render_labels(addresses: Sequence[str], addressee: str, sheet: LabelSheet, *, first: int = 1) -> bytes:
    """The PDF of labels with an address and whom it is for; `first` is the place where they begin on the first sheet, from 1.

    Row by row, from the left. An address that is long is written smaller.
    """
    places: list[str | None] = [*[None] * (first - 1), *addresses]
    sheets = [places[at : at + sheet.number] for at in range(0, len(places), sheet.number)]
    return lay_out("labels.html", title="宛名ラベル", sheets=sheets, addressee=addressee, sheet=sheet)

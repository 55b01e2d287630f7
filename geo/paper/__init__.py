"""Maps on paper at a true scale, drawn as SVG in the plane system of the city: the sheet, its base, its layers, and what stands around them.

`Sheet` says what ground a paper shows, `Picture` what a picture of a page does. `draw_base`, `draw_layers` and `draw_marks` each give a part of
the drawing, in its units; `furniture` has the grid, the scale bar and the arrow. Lengths are those of the plane system, not of the web map.
"""

from geo.paper.base import draw_base
from geo.paper.layers import MAX_FEATURES, MAX_VERTICES, DrawnLayer, TooMuch, Work, draw_layers, work_of
from geo.paper.marks import Mark, draw_marks
from geo.paper.sheet import PAPERS, SCALES, Picture, Sheet, largest_scale
from geo.paper.thumbnail import draw_thumbnail

__all__ = [
    "MAX_FEATURES",
    "MAX_VERTICES",
    "PAPERS",
    "SCALES",
    "DrawnLayer",
    "Mark",
    "Picture",
    "Sheet",
    "TooMuch",
    "Work",
    "draw_base",
    "draw_layers",
    "draw_marks",
    "draw_thumbnail",
    "largest_scale",
    "work_of",
]

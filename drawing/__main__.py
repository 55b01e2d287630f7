"""`python -m drawing`: draws `geo/basemap/schematic.pmtiles` anew, after its sources have changed.

Needs the packages of the extra `drawing`, which nothing else does.
"""

from importlib.resources import as_file, files

from drawing.archive import write
from geo import basemap

with as_file(files(basemap) / "schematic.pmtiles") as target, target.open("wb") as file:
    write(file)

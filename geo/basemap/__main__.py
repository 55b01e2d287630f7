"""`python -m geo.basemap`: draws the schematic base anew into `schematic.pmtiles`, after its sources have changed.

Needs the packages of the extra `basemap`, which nothing else does.
"""

from pathlib import Path

from geo.basemap.archive import write

with Path(__file__).with_name("schematic.pmtiles").open("wb") as file:
    write(file)

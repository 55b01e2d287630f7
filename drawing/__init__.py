"""Draws the tiles of the schematic base map (模式図) out of what is drawn by hand in `geo/basemap`: run by hand, not part of what runs."""

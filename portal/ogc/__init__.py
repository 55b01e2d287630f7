"""Map layers for other people's programs, by the standards of the Open Geospatial Consortium: OGC API Features and Tiles.

There are two doors with the same views: `/ogc` on the residents' side has what everybody may see, `/desk/ogc` on the staff's side what
its reader may see.
"""

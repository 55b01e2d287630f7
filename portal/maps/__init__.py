"""Maps over HTTP: vector tiles of layers and of cases, the filter that list and map share, and the maps that folium draws.

Others may use `filters.case_filter`, `basemap.base_of`, `charts.desk_map` and the addresses of the tiles.
"""

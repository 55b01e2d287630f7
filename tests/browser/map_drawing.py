"""Drawing on the map of an application as people do, with the mouse, a finger or keys."""

import re

from playwright.sync_api import Page, expect

Corner = tuple[float, float]
"""Longitude and latitude."""

_AT = "([lon, lat]) => { const { x, y } = document.querySelector('[data-map-field]').drawing.map.latLngToContainerPoint([lat, lon]); return [x, y]; }"
_LOOK = "([lon, lat, zoom]) => document.querySelector('[data-map-field]').drawing.map.setView([lat, lon], zoom, { animate: false })"


class DrawingMap:
    """The map of a question about a place."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.canvas = page.locator("[data-map-field] .map__canvas")
        expect(self.canvas).to_have_class(re.compile("leaflet-container"))

    def look_at(self, lon: float, lat: float, zoom: int) -> None:
        """Go where dragging and zooming would lead."""
        self.page.evaluate(_LOOK, [lon, lat, zoom])

    def press(self, corner: Corner) -> None:
        """Press a place with the mouse."""
        x, y = self._position(corner)
        self.page.mouse.click(x, y)

    def tap(self, corner: Corner) -> None:
        """Touch a place with a finger."""
        x, y = self._position(corner)
        self.page.touchscreen.tap(x, y)

    def tap_at(self, east: int, north: int) -> None:
        """Touch a place so many pixels from the middle of the map."""
        self.canvas.scroll_into_view_if_needed()
        box = self.canvas.bounding_box()
        assert box
        self.page.touchscreen.tap(box["x"] + box["width"] / 2 + east, box["y"] + box["height"] / 2 - north)

    def settle(self) -> None:
        """Wait until the map has come to rest after a key."""
        expect(self.page.locator(".leaflet-pan-anim")).to_have_count(0)

    def _position(self, corner: Corner) -> tuple[float, float]:
        self.canvas.scroll_into_view_if_needed()
        x, y = self.page.evaluate(_AT, corner)
        box = self.canvas.bounding_box()
        assert box
        return box["x"] + x, box["y"] + y

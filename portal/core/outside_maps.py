"""Maps of other servers that an operator offers the staff: named in the settings, and nothing outside is asked without them."""

import re
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

_ADDRESS = re.compile(r"(?:https://[a-z0-9.-]+|http://(?:[a-z0-9-]+\.)*localhost)(?::\d{1,5})?/[\w./{}~%-]*", re.ASCII)
"""What may stand in a content security policy: no space, quote or semicolon. Without encryption only this machine itself."""


class OutsideMap(BaseModel):
    """Raster tiles of another server: `key` in links, `title` in the panel, `attribution` beside the map, and what it leads to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(pattern=r"^[a-z][a-z0-9-]{0,29}$")
    title: str = Field(min_length=1, max_length=40)
    url: str
    attribution: str = Field(min_length=1, max_length=100)
    attribution_url: str = Field("", pattern=r"^(https://[^\s\"'<>]+)?$")
    max_zoom: int = Field(18, ge=1, le=22)

    @property
    def origin(self) -> str:
        """Scheme and host of the server."""
        return origin_of(self.url)

    @model_validator(mode="after")
    def _is_an_address_of_tiles(self) -> Self:
        if not _ADDRESS.fullmatch(self.url) or not all(part in self.url for part in ("{z}", "{x}", "{y}")):
            raise ValueError(f"{self.key}: url must be https://…/{{z}}/{{x}}/{{y}}…")
        if self.key in {"city", "schematic", "none"}:
            raise ValueError(f"{self.key}: this key is taken")
        return self


def origin_of(url: str) -> str:
    """Scheme and host of an address; empty for one without."""
    scheme, separator, rest = url.partition("://")
    return f"{scheme}{separator}{rest.partition('/')[0]}" if separator else ""

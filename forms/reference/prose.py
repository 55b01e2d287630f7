"""What the pages of the reference say around their tables, from `prose.yaml`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from ruamel.yaml import YAML


@cache
def prose() -> Mapping[str, Mapping[str, str]]:
    """For each page its `title`, what it is `about`, its `text` and, where it has one, an `example`; in the order of the index."""
    document: dict[str, dict[str, str]] = YAML(typ="safe").load(Path(__file__).parent / "prose.yaml")
    return MappingProxyType(document)

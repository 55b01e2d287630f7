"""Files of sentences in several languages: YAML in which every key and every value is a text."""

from pathlib import Path
from typing import Any

from yaml import CBaseLoader


def texts_in(path: Path) -> dict[str, Any]:
    """The texts of a file, as they are nested there; `yes`, `no` and numbers are texts too."""
    texts: dict[str, Any] = CBaseLoader(path.read_bytes()).get_single_data()
    return texts

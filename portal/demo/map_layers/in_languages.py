"""The names of the demo layers in other languages and as they are read, in the columns that `portal.maps.value_words` knows."""

import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from portal.core.text import using_language
from portal.maps import value_in_words
from writing.folding import katakana
from writing.latin import latin, place_in_latin

Feature = dict[str, Any]
_NAMES: Mapping[str, Any] = YAML(typ="safe").load(files(__package__).joinpath("names.yaml").read_text("utf-8"))
_KANA = re.compile("[ぁ-ヺ]")


def facility_names(quarter: Mapping[str, Any], word: str) -> dict[str, str]:
    """What a facility is called that is named after its quarter and what it is."""
    known, place = _NAMES["facilities"][word], place_in_latin(quarter["name"], quarter["kana"])
    return {
        "名称_カナ": katakana(f"{quarter['kana']}{known['kana']}"),
        "名称_英字": f"{place} {known['en']}",
        "名称_中国語": f"{place if _KANA.search(quarter['name']) else quarter['name']}{known['zh']}",
        "名称_韓国語": f"{place} {known['ko']}",
    }


def hall_names(city: str, kana: str) -> dict[str, str]:
    """What a city hall is called."""
    name = _NAMES["cities"][city]["en"]
    return {"名称_カナ": katakana(kana), "名称_英字": f"{name} City Hall", "名称_韓国語": f"{name} 시청"}


def school_names(column: str, school: str, city: str) -> dict[str, str]:
    """What a school is called: 立川市立第一小学校, Tachikawa Daiichi Elementary School."""
    of = _NAMES["cities"][city]
    own: Sequence[str] = _NAMES["schools"][school.removeprefix(f"{of['ja']}立").removesuffix("小学校")].split()
    name = " ".join(dict.fromkeys([of["en"], *map(latin, own)]))
    return {
        f"{column}_カナ": katakana(f"{of['kana']}りつ{''.join(own)}しょうがっこう"),
        f"{column}_英字": f"{name} Elementary School",
        f"{column}_韓国語": f"{name} 초등학교",
    }


def area_names(column: str, area: str) -> dict[str, str]:
    """What an area of collection is called: 錦・羽衣地区, Nishiki and Hagoromo area."""
    towns: Sequence[str] = _NAMES["areas"][area]
    return {
        f"{column}_カナ": katakana("・".join(towns) + "ちく"),
        f"{column}_英字": f"{' and '.join(_listed(towns))} area",
        f"{column}_韓国語": f"{'·'.join(map(latin, towns))} 지구",
    }


def area_words() -> dict[str, dict[str, str]]:
    """Every area of collection in the languages that have a name for it."""
    words: dict[str, dict[str, str]] = {}
    for area in _NAMES["areas"]:
        names = area_names("", area)
        with using_language("ja-easy"):
            easy = value_in_words({"": area, **names}, "", {})
        words[area] = {"ja-easy": easy, "en": names["_英字"], "ko": names["_韓国語"]}
    return words


def _listed(towns: Sequence[str]) -> list[str]:
    names = list(map(latin, towns))
    return [", ".join(names[:-1]), names[-1]] if len(names) > 1 else names

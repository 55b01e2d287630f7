"""What the map said about a place, as a clerk reads it: what is so, with measures; not what an applicant should do."""

from collections.abc import Mapping
from typing import Final

from portal.cases import PlaceFinding
from portal.cases.place_reasons import holding, in_words
from portal.core.text import using_language

_FAILING: Final[Mapping[str, str]] = {
    "inside": "「{layer}」の外に出ています(外の分 {value} {unit})。",
    "intersects": "「{layer}」にかかっていません。",
    "touches": "「{layer}」に接していません。",
    "outside": "「{layer}」にかかっています(かかる分 {value} {unit})。",
    "covers": "「{layer}」の図形を含んでいません。",
    "nearer": "「{layer}」が{within} m以内にありません。",
    "farther": "「{layer}」まで{value} mで、{within} mより離れていません。",
    "share": "「{layer}」にかかる割合は{value}%です({bounds}でなければなりません)。",
    "length": "「{layer}」にかかる長さは{value} mです({bounds}でなければなりません)。",
    "count": "{within} m以内の「{layer}」の数は{value}です({bounds}でなければなりません)。",
}
_POINT: Final[Mapping[str, str]] = {"inside": "「{layer}」の外にあります。", "outside": "「{layer}」にかかっています。"}


def staff_reason(finding: PlaceFinding, title: str) -> str:
    """What the map said in one sentence. `title` is the layer's, which the reader may see; features chosen by values are named."""
    chosen = "・".join(str(value) for values in finding.only.values() for value in values)
    failing = _FAILING if finding.unit else {**_FAILING, **_POINT}
    with using_language("ja"):
        template = failing[finding.relation] if finding.holds is False else holding(finding)
        return in_words(finding, template, f"{title}({chosen})" if chosen else title)

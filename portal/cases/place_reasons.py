"""What the map said about a place in sentences for the resident: why a rule holds or what to do, and what was looked up."""

from collections.abc import Mapping
from typing import Any, Final

from forms.text.localized import Worded, note_untranslated
from portal.cases.place_findings import PlaceFinding
from portal.core.text import _, current_language, labelled, listed, pick, using_language

_UNITS: Final = {"share": "%", "length": " m"}


def finding_reason(finding: PlaceFinding, language: str, column: str = "") -> str:
    """What the map said, and what that rests on; a layer that residents may not see is not named.

    `column` is what the layer calls the property that was looked up, where its value says too little alone: 7,440.
    """
    with using_language(language):
        title = pick(finding.title) if finding.public and finding.title else _("決められた区域")
        return in_words(
            finding, _failing()[finding.relation] if finding.holds is False else holding(finding), title, column
        )


def in_words(finding: PlaceFinding, template: str, title: str, column: str = "") -> str:
    """A sentence about a finding with its values, and whether it rests on the text of a law or lies near an edge."""
    value = labelled(column, _value(finding.value)) if column else _value(finding.value)
    values = {"layer": title, "value": value, "within": number(finding.within or 0)}
    sentence = template.format(**values, bounds=_bounds(finding), unit=finding.unit)
    if finding.by_law:
        sentence += _("(町名・番地の定めによります)")
    return sentence + (_("(境界のすぐ近くなので、市が確かめることがあります)") if finding.near_boundary else "")


def holding(finding: PlaceFinding) -> str:
    """The sentence for a rule that holds, or for a value, with places for its values."""
    if finding.relation == "touches" and finding.value is False and finding.holds is None:
        return _("「{layer}」に接していません。")
    if finding.holds is None and finding.value in (None, []):
        return _("「{layer}」には、この場所の値がありません。")
    looked_up = _("「{layer}」によると、{value}です。")
    distance = _("いちばん近い「{layer}」まで{value} mです。")
    return {
        "inside": _("「{layer}」の中にあります。"),
        "intersects": _("「{layer}」にかかっています。"),
        "touches": _("「{layer}」に接しています。"),
        "outside": _("「{layer}」にかかっていません。"),
        "covers": _("「{layer}」の図形を含んでいます。"),
        "nearer": distance,
        "farther": _("「{layer}」から{within} mより離れています。"),
        "share": _("「{layer}」にかかる割合は{value}%です。"),
        "length": _("「{layer}」にかかる長さは{value} mです。"),
        "area": _("「{layer}」にかかる面積は{value} m²です。"),
        "count": _("{within} m以内の「{layer}」の数は{value}です。"),
        "distance": distance,
        "largest": looked_up,
        "all": looked_up,
        "nearest": _("いちばん近い「{layer}」は、{value}です。"),
    }[finding.relation]


def number(value: float) -> str:
    """`1,156` · `12.5`"""
    return f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"


def _failing() -> Mapping[str, str]:
    return {
        "inside": _("決められた範囲の中で、場所を選び直してください。"),
        "intersects": _("対象となる場所にかかるように、選び直してください。"),
        "touches": _("「{layer}」に接する場所を選び直してください。"),
        "outside": _("「{layer}」にかからないように、場所を選び直してください。"),
        "covers": _("「{layer}」の図形を、すべて含むようにかいてください。"),
        "nearer": _("「{layer}」から{within} m以内の場所を選び直してください。"),
        "farther": _("「{layer}」から{within} mより離れた場所を選び直してください(今は{value} mです)。"),
        "share": _("「{layer}」にかかる割合を{bounds}にしてください(今は{value}%です)。"),
        "length": _("「{layer}」にかかる長さを{bounds}にしてください(今は{value} mです)。"),
        "count": _("{within} m以内の「{layer}」の数を{bounds}にしてください(今は{value}です)。"),
    }


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return listed([_value(part) for part in value])
    if isinstance(value, bool):
        return _("はい") if value else _("いいえ")
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, Worded):
        return value.text.for_language(current_language())
    note_untranslated(str(value), current_language())  # as the map has it
    return str(value)


def _bounds(finding: PlaceFinding) -> str:
    unit = _UNITS.get(finding.relation, "")
    limits = (finding.at_least, finding.at_most)
    least, most = (None if bound is None else f"{number(float(bound))}{unit}" for bound in limits)
    if least is not None and most is not None:
        return _("{least}から{most}まで", least=least, most=most)
    return _("{least}以上", least=least) if least is not None else _("{most}以下", most=most or "")

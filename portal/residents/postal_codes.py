"""The prefecture, city and town that a postal code stands for: filled in where an address is asked for and they are not written yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import jsonify
from werkzeug.wrappers import Response

from geo.postal_codes import postal_code_of, towns_of
from portal.core.access import PUBLIC, allow
from portal.core.text import _
from portal.residents.blueprint import bp
from portal.residents.map_forms import PostalCodeForm

_CODE = ".postal_code"
_PARTS = ("prefecture", "city", "town")


@dataclass(frozen=True)
class Area:
    """What a postal code stands for: the parts of the address that all its towns share, and the towns where there are several."""

    parts: Mapping[str, str] = field(default_factory=dict)
    towns: tuple[str, ...] = ()


def area_of(code: str) -> Area:
    """The area of a postal code of seven digits; without parts where the list of Japan Post does not have it."""
    towns = towns_of(code)
    shared = {part: {getattr(town, part) for town in towns} for part in _PARTS}
    parts = {part: texts.pop() for part, texts in shared.items() if len(texts) == 1}
    several = () if "town" in parts else tuple(town.town for town in towns if town.town)
    return Area({part: text for part, text in parts.items() if text}, several)


@bp.post("/postal-codes")
@allow(PUBLIC)
def look_up_postal_code() -> Response:
    """The parts of an address for the posted postal code, and what to say of them. Nothing is kept, and nothing stands in an address."""
    code = postal_code_of(PostalCodeForm().code.data or "")
    area = area_of(code) if code else Area()
    return jsonify(parts=dict(area.parts), line="".join(area.parts.values()), note=_note(area))


def _note(area: Area) -> str:
    if not area.parts:
        return _("この郵便番号の住所は、わかりませんでした。番号を確かめるか、住所を書いてください。")
    if area.towns:
        return _("郵便番号から住所を入れました。町名は、次のどれかです：{towns}", towns="、".join(area.towns))
    return _("郵便番号から住所を入れました。ちがうときは、書き直してください。")


def with_areas(form: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """A form in which each address that has a postal code and neither prefecture, city nor town has those that the code stands for."""
    filled = dict(form)
    for name in form:
        if not name.endswith(_CODE):
            continue
        path = name.removesuffix(_CODE)
        names = {part: f"{path}.{part}" for part in _PARTS}
        asks = names["prefecture"] in form and names["city"] in form
        if not asks or any("".join(form.get(each, [])).strip() for each in names.values()):
            continue
        code = postal_code_of("".join(form[name]))
        if code is not None:
            filled |= {names[part]: [text] for part, text in area_of(code).parts.items()}
    return filled

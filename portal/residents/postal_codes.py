"""The prefecture, city and town that a postal code stands for: filled in where an address is asked for and they are not written yet, and
said where others are written.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from flask import jsonify
from werkzeug.wrappers import Response

from forms import Definition
from forms.text.addresses import is_japanese, show_postal_code
from geo.postal_codes import municipalities, postal_code_of, towns_of
from portal.core.access import PUBLIC, allow
from portal.core.text import _, labelled, listed
from portal.residents.blueprint import bp
from portal.residents.definition_texts import label
from portal.residents.map_forms import PostalCodeForm
from writing.folding import PLACE

_CODE = ".postal_code"
_PARTS = ("prefecture", "city", "town")
_LIKE = 0.6
"""How much two names have to share for one to be meant by the other: one letter of three may differ."""


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
    """The parts of an address for the posted postal code, and what to say of them and of those that are written. Nothing is kept, and
    nothing stands in an address.
    """
    form = PostalCodeForm()
    code = postal_code_of(form.code.data or "")
    area = area_of(code) if code else Area()
    written = {part: form[part].data or "" for part in _PARTS}
    doubt = postal_code_doubt(code, written) if code else ""
    return jsonify(parts=dict(area.parts), line="".join(area.parts.values()), note=_note(area), doubt=doubt)


def _note(area: Area) -> str:
    if not area.parts:
        return _("この郵便番号の住所は、わかりませんでした。番号を確かめるか、住所を書いてください。")
    if area.towns:
        return _("郵便番号から住所を入れました。町名は、次のどれかです：{towns}", towns="、".join(area.towns))
    return _("郵便番号から住所を入れました。ちがうときは、書き直してください。")


def postal_code_doubt(code: str, written: Mapping[str, str]) -> str:
    """That a postal code stands for another prefecture, city or town than those that are written; empty where it may be right.

    A doubt and no fault: lists lag behind, and large offices have codes of their own.
    """
    towns = towns_of(code)
    if not towns or any(all(_agree(written.get(part, ""), getattr(town, part)) for part in _PARTS) for town in towns):
        return ""
    area = area_of(code)
    if not area.parts:
        return ""
    line = "".join(area.parts.values()) + (f"({listed(area.towns)})" if area.towns else "")
    return _(
        "郵便番号{code}は、{area}の番号です。番号か住所を確かめてください。", code=show_postal_code(code), area=line
    )


def _agree(written: str, named: str) -> bool:
    """Whether somebody can mean what the list says: people leave the 郡 out, and write 丁目 behind a town. The list is in Japanese, so
    that nothing can be said of a name in other letters.
    """
    ours, theirs = PLACE(written), PLACE(named)
    return not ours or not theirs or not is_japanese(written) or ours in theirs or theirs in ours


def municipality_doubt(written: Mapping[str, str]) -> str:
    """That the prefecture has no city of the name that is written, with the most similar; empty where it has, or where nothing can be said."""
    prefecture, city = written.get("prefecture", ""), written.get("city", "")
    names = municipalities().get(prefecture, frozenset())
    if not city or not names or any(_agree(city, name) for name in names):
        return ""
    near = [shown for name in sorted(names) for shown in [_without_parts(name)] if _similar(city, shown) >= _LIKE]
    if not near:
        return _(
            "{prefecture}に「{city}」は見つかりません。市区町村の名前を確かめてください。",
            prefecture=prefecture,
            city=city,
        )
    best = max(near, key=lambda name: _similar(city, name))
    return _(
        "{prefecture}に「{city}」は見つかりません。「{near}」ではありませんか。",
        prefecture=prefecture,
        city=city,
        near=best,
    )


def _without_parts(name: str) -> str:
    """A municipality as people write it: without the wards of a city, and without its 郡."""
    return re.sub("^.+?郡(?=.+[町村]$)|(?<=市).+区$", "", name)


def _similar(written: str, named: str) -> float:
    return SequenceMatcher(None, PLACE(written), PLACE(named), autojunk=False).ratio()


def doubtful_addresses(definition: Definition, answers: Mapping[str, object]) -> list[str]:
    """What to check of the addresses among answers, each with its question, in the reader's language."""
    return [
        labelled(label(definition.fields[name]), doubt)
        for name, answer in answers.items()
        if name in definition.fields
        for address in _addresses_in(answer)
        for doubt in (postal_code_doubt(address.get("postal_code", ""), address), municipality_doubt(address))
        if doubt
    ]


def _addresses_in(answer: object) -> Iterator[Mapping[str, str]]:
    """The addresses in Japan that an answer is or has inside: of rows, and of people."""
    if isinstance(answer, Mapping):
        if isinstance(answer.get("city"), str) and isinstance(answer.get("prefecture"), str):
            yield {part: text for part, text in answer.items() if isinstance(text, str)}
        for part in answer.values():
            yield from _addresses_in(part)
    elif isinstance(answer, list):
        for part in answer:
            yield from _addresses_in(part)


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

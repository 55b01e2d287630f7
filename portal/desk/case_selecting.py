"""Choosing where the list looks without the map: by a feature of a layer, around an address, around a case."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from geo.catalogue import entry_of
from geo.editing.listing import features_listed
from geo.gazetteer import search_places
from geo.layer_features import name_of
from portal.cases.queries import case_id_by_number, number_of_place
from portal.core.access import allow, right, staff_member
from portal.core.forms import Form, SelectField, StringField
from portal.core.tenancy import current_city
from portal.core.text import _, pick
from portal.core.web import db
from portal.desk.case_selection import MAX_METRES, current_listing
from portal.desk.forms import whole_number
from portal.desk.listing import Listing
from portal.desk.lot_search import lots
from portal.maps import CityLayers

bp = Blueprint("desk_selecting", __name__, url_prefix="/desk/select")

MAX_FEATURES = 50
_NUMBER = {"inputmode": "numeric", "maxlength": 5}


class SelectionForm(Form):
    """What is looked for: `layer` and `words` of a feature, an `address`, or the `number` of a case, and how far around it."""

    layer = SelectField("地図の層", choices=[])
    words = StringField("名前(一部だけでもさがせます)", render_kw={"maxlength": 100, "autocomplete": "off"})
    reach = StringField("まわりの距離(m)", render_kw=_NUMBER)
    address = StringField("住所・地番・地名・施設", render_kw={"maxlength": 100, "autocomplete": "off"})
    number = StringField("受付番号", render_kw={"maxlength": 30, "autocomplete": "off"})
    metres = StringField("距離(m)", render_kw=_NUMBER)


@dataclass(frozen=True)
class Choice:
    """Something to choose: its words, and the address of the list near it."""

    words: str
    href: str


@bp.get("")
@allow(right("case.read_place"))
def select() -> str:
    """Look for a place by its name; each one that there is leads to the list near it, under the same filter."""
    current, titles = current_listing(), CityLayers(db(), staff_member()).titles()
    form = SelectionForm(request.args, meta={"csrf": False})
    form.layer.choices = list(titles.items())
    by = request.args.get("by", "")
    choices = {"layer": _features, "address": _addresses, "case": _cases}.get(by, _nothing)(db(), form, current)
    return render_template(
        "desk/select.html",
        form=form,
        by=by,
        listing=current,
        choices=choices,
        most=MAX_FEATURES,
        has_layers=bool(titles),
    )


def _nothing(_session: Session, _form: SelectionForm, _current: Listing) -> list[Choice]:
    return []


def _features(session: Session, form: SelectionForm, current: Listing) -> list[Choice]:
    seen = form.layer.data in CityLayers(session, staff_member()).titles()
    entry = entry_of(session, form.layer.data) if seen else None
    if entry is None:
        form.layer.errors = [_("層を選んでください。")]
        return []
    metres = _metres(form, "reach", least=0)
    if metres is None:
        return []
    words = form.words.data.replace("\x00", "").strip()
    features = features_listed(session, entry.id, None, words=words, limit=MAX_FEATURES)
    return [
        Choice(
            name_of(feature.properties) or _("{number}番", number=feature.id),
            _to(current, f"feature:{entry.key}:{feature.id}:{metres}"),
        )
        for feature in features
    ]


def _addresses(session: Session, form: SelectionForm, current: Listing) -> list[Choice]:
    words, metres = form.address.data.replace("\x00", "").strip(), _metres(form, "metres", least=1)
    if not words:
        form.address.errors = [_("住所か地名を入力してください。")]
    if not words or metres is None:
        return []
    places = search_places(session, words, city=current_city().name)
    return _lots(session, words, metres, current) + [
        Choice(place.name, _to(current, f"spot:{round(place.lon * 100_000)}:{round(place.lat * 100_000)}:{metres}"))
        for place in places
    ]


def _lots(session: Session, words: str, metres: int, current: Listing) -> list[Choice]:
    """The lots of that number, in the layers with addresses that this person sees."""
    return [
        Choice(
            _("{address}({layer})", address=lot.address, layer=pick(lot.entry.title, "ja")),
            _to(current, f"feature:{lot.entry.key}:{lot.feature_id}:{metres}"),
        )
        for lot in lots(session, words, MAX_FEATURES)
    ]


def _cases(session: Session, form: SelectionForm, current: Listing) -> list[Choice]:
    metres = _metres(form, "metres", least=1)
    number = form.number.data.replace("\x00", "").strip()
    case_id = case_id_by_number(session, number) if number else None
    seen = case_id and number_of_place(session, case_id, current.with_places)
    if not seen:
        form.number.errors = [_("この受付番号の案件は、ないか、場所がないか、見ることができません。")]
    if not seen or metres is None:
        return []
    return [Choice(number, _to(current, f"case:{case_id}:{metres}"))]


def _metres(form: SelectionForm, name: str, *, least: int) -> int | None:
    typed = form[name].data.strip()
    metres = 0 if not typed and not least else whole_number(typed, digits=5)
    if metres is None or not least <= metres <= MAX_METRES:
        form[name].errors = [
            _("距離は、{least} から {most} までの整数で入力してください。", least=least, most=MAX_METRES)
        ]
        return None
    return metres


def _to(current: Listing, near: str) -> str:
    return current.href(near=near)

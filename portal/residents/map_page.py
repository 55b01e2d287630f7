"""The residents' map (地図からさがす): what is near, what holds at a place, and one feature with all that is told of it."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request
from flask import session as visit
from werkzeug.wrappers import Response

from forms.text.localized import note_untranslated
from forms.text.ruby import without_readings
from geo.near import PlacedFeature, feature_with_shape
from geo.source_near import source_feature
from portal import procedures
from portal.cases.place_fit import procedures_at
from portal.core.access import PUBLIC, allow
from portal.core.clock import TOKYO, now
from portal.core.errors import NotFound
from portal.core.tenancy import current_city
from portal.core.text import _, current_language, pick
from portal.core.web import db
from portal.maps import PublicMapLayer, base_map_options, hazard_words, hours_of, meant_for, residents_map
from portal.residents.blueprint import bp
from portal.residents.map_forms import MapForm
from portal.residents.map_lists import PAGE, READ, Choice, answers_at, choice_of, listing, nothing_words
from portal.residents.map_needs import MapNeeds, ShownLayer, need_titles
from portal.residents.map_search import hits
from portal.residents.map_spots import Spot, kept_words, spot_named
from portal.residents.map_words import hours_words, open_words

_NOTICE_READ = "zoning_notice_read"
SPOT_FORM = "spot-form"


@bp.get("/map")
@allow(PUBLIC)
def city_map() -> str:
    """The needs, or the list of one of them, beside the map."""
    needs, choice, moment = MapNeeds(db(), procedures.offers(db())), choice_of(request.args), now()
    spot = spot_named(db(), request.args.get("place", ""))
    words = kept_words() if request.args.get("search") else ""
    reads_notice = choice.need == "zoning" and not visit.get(_NOTICE_READ)
    shown = choice.need in needs.offered and not reads_notice and not words
    nearby = listing(db(), needs, choice, spot, moment) if shown else None
    drawn = needs.drawn(choice.need) if shown else []
    return _page(
        "residents/map.html",
        needs,
        choice,
        spot,
        drawn,
        [line.pin for line in nearby.lines] if nearby else [],
        listing=nearby,
        answers=answers_at(db(), needs, choice.need, spot, moment) if shown and spot else [],
        asks_place=shown
        and not spot
        and any(isinstance(each, PublicMapLayer) and each.is_about_places for each in drawn),
        lists_features=any(not (isinstance(each, PublicMapLayer) and each.is_about_places) for each in drawn),
        hits=hits(db(), needs.catalogued, words) if words else None,
        words=words,
        forgotten=bool(request.args.get("search")) and not words,
        unknown="" if spot else request.args.get("place", "")[:100],
        fault=request.args.get("fault", ""),
        notice=zoning_notice(needs) if choice.need == "zoning" and not words else "",
        reads_notice=reads_notice and not words,
        is_offered=choice.need in needs.offered,
        nothing=nothing_words(choice, spot),
        moment=moment.astimezone(TOKYO),
        more=choice.address(spot, lines=min(READ, choice.lines + PAGE)),
        lines=choice.lines,
    )


@bp.post("/map/notice")
@allow(PUBLIC)
def read_notice() -> Response:
    """The notice about zoning was read; it stands on the page, and on paper, all the same."""
    visit[_NOTICE_READ] = True
    form = MapForm()
    return redirect(form.choice.address(spot_named(db(), form.place.data)), 303)


@bp.get("/map/features/<key>/<int:feature_id>")
@allow(PUBLIC)
def map_feature(key: str, feature_id: int) -> str:
    """One feature: every column that residents see, where it is, where the data comes from, and what can be applied for there."""
    needs = MapNeeds(db(), procedures.offers(db()))
    layer, feature, shape = feature_for_everybody(needs, key, feature_id)
    choice = choice_of({**request.args, "need": layer.need})
    spot = spot_named(db(), request.args.get("place", ""))
    name = layer.name_of(feature.properties)
    pin = {"lon": feature.lon, "lat": feature.lat, "number": 1, "title": without_readings(name), "href": ""}
    told = list(layer.told(feature.properties))
    words = hazard_words()
    is_point = shape["type"] == "Point"
    return _page(
        "residents/map_feature.html",
        needs,
        choice,
        spot,
        [layer],
        [pin] if is_point else [],
        shape=None if is_point else shape,
        at=(feature.lon, feature.lat),
        layer=layer,
        feature=feature,
        name=name,
        told=[each for each in told if not each.column.startswith("災害種別_")],
        hazards=[words[each] for each in meant_for(feature.properties)] if layer.need == "shelter" else None,
        opening=open_words(feature.properties, now().astimezone(TOKYO)) if layer.need == "facility" else None,
        hours=hours_words(hours_of(feature.properties)),
        notice=zoning_notice(needs) if layer.need == "zoning" else "",
        back=choice.address(spot),
    )


def feature_for_everybody(
    needs: MapNeeds, key: str, feature_id: int
) -> tuple[ShownLayer, PlacedFeature, Mapping[str, Any]]:
    """A feature of a layer of the residents' map with its shape. Raises NotFound, for those that are not theirs to see too."""
    layer = needs.layer(key)
    if layer is None or feature_id >= 2**63:
        raise NotFound
    if isinstance(layer, PublicMapLayer):
        known = feature_with_shape(db(), layer.entry.id, feature_id)
    else:
        known = source_feature(db(), layer.layer.source, key, feature_id)
    if known is None:
        raise NotFound(_("お探しの場所は、地図にありません。期間が終わったか、データが新しくなりました。"))
    return layer, *known


def zoning_notice(needs: MapNeeds) -> str:
    """What must be read before zoning is consulted: the city's own words, else the usual reservation."""
    own = next((layer.use.notice for layer in needs.of("zoning") if layer.use.notice), None)
    if own:
        return pick(own)
    return _(
        "この地図は参考の図です。証明にはなりません。境目の近くや、最近変わったところは、実際と違うことがあります。家を建てるときや土地を売り買いするときは、必ず市役所の窓口で確かめてください。"
    )


def _page(
    template: str,
    needs: MapNeeds,
    choice: Choice,
    spot: Spot | None,
    drawn: list[ShownLayer],
    pins: list[dict[str, Any]],
    *,
    shape: Mapping[str, Any] | None = None,
    at: tuple[float, float] | None = None,
    **shown: Any,
) -> str:
    """A page with the map beside it. `at` is the place to apply for; without it the spot that was chosen."""
    city, titles = current_city(), need_titles()
    if spot and spot.source != "device":
        note_untranslated(spot.label, current_language())  # a place is called by its Japanese name
    marker = {"lon": spot.lon, "lat": spot.lat, "title": spot.label} if spot else None
    where = at or (spot.position if spot else None)
    return render_template(
        template,
        map=residents_map(city, drawn, pins, spot=marker, shape=shape, form=SPOT_FORM),
        base=base_map_options(city, zoom=13),
        needs=[(need, *titles[need]) for need in needs.offered],
        choice=choice,
        spot=spot,
        drawn=drawn,
        hazards_offered=hazard_words(),
        titles=titles,
        spot_form=SPOT_FORM,
        fits=procedures_at(db(), needs.offers, where) if where else [],
        **shown,
    )

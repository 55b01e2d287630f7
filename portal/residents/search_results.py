"""What a search leads to: answers at once, moments of life, procedures online and in person, offices and places, and a person to ask."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Response, jsonify, render_template, request
from markupsafe import escape

from portal.core.access import PUBLIC, allow
from portal.core.clock import now
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import db
from portal.identity import get_department
from portal.maps import public_layers
from portal.procedures import Offer, windows_in_force
from portal.residents import office_hours
from portal.residents.blueprint import bp
from portal.residents.definition_texts import deadline, fee_summary, standard_days, words
from portal.residents.map_search import hits
from portal.search import SearchResult, count_unfound, find

_FIRST, _PLACES, _SUGGESTED = 12, 5, 6
"""Procedures that are shown before the rest is folded away, places, and suggestions while somebody types."""


@dataclass(frozen=True)
class DirectAnswer:
    """What was asked about a procedure, and what its definition says."""

    offer: Offer
    question: str
    lines: tuple[str, ...]


def results_page(query: str) -> str:
    """The page of what a query means; what means nothing is counted for the departments."""
    city = current_city()
    result = find(db(), city, query)
    places = hits(db(), public_layers(db()), query).features[:_PLACES]
    if result.is_empty and not result.person and not places:
        count_unfound(db(), query)
    online = [offer for offer in result.procedures if offer.definition.has_form]
    in_person = [offer for offer in result.procedures if not offer.definition.has_form]
    moment = now()
    return render_template(
        "residents/search.html",
        query=query,
        count=len(result.procedures),
        answers=list(_answers(result)),
        windows=result.windows,
        online=online[:_FIRST],
        more=online[_FIRST:],
        in_person=in_person[:_FIRST],
        in_person_first=bool(result.procedures) and not result.procedures[0].definition.has_form,
        departments=result.departments,
        places=places,
        nothing=result.is_empty and not places,
        all_windows=windows_in_force(db()),
        department_of={offer.key: get_department(db(), offer.department_id) for offer in in_person[:_FIRST]},
        open_until=office_hours.open_until(moment, current_city().hours),
        opens_next=office_hours.opens_next(moment, current_city().hours),
    )


@bp.get("/procedures/suggestions")
@allow(PUBLIC)
def suggestions() -> Response:
    """Titles of what the words typed so far mean, as HTML, with where they lead, and how many they are in words; nothing of it is counted."""
    query = request.args.get("q", "").strip()
    if len(query) < 2:
        return jsonify({"suggestions": [], "status": ""})
    result = find(db(), current_city(), query)
    procedures = [(words(offer.definition.title), "", f"/procedures/{offer.key}") for offer in result.procedures]
    windows = [(words(window.title), _("くらしの場面"), f"/life/{window.key}") for window in result.windows[:1]]
    shown = procedures[: _SUGGESTED - len(windows)] + windows
    return jsonify(
        {
            "suggestions": [
                {"title": escape(title), "note": escape(note), "href": href} for title, note, href in shown
            ],
            "status": _("候補が{n}件あります。上下の矢印キーで選べます。", n=len(shown))
            if shown
            else _("候補はありません。"),
        }
    )


def _answers(result: SearchResult) -> Iterator[DirectAnswer]:
    """What is asked about the first procedure that was found, as far as its definition answers it."""
    for offer in result.procedures[:1]:
        for about in result.topics:
            question, lines = _answer(offer, about)
            if lines:
                yield DirectAnswer(offer, question, tuple(lines))


def _answer(offer: Offer, about: str) -> tuple[str, Sequence[str]]:
    definition = offer.definition
    title = words(definition.title)
    match about:
        case "fee" if definition.has_form:
            return _("「{title}」の料金は、いくらですか", title=title), [fee_summary(definition)]
        case "bring":
            things = definition.routing.bring if definition.routing else ()
            return _("「{title}」には、何を用意しますか", title=title), [words(thing) for thing in things]
        case "deadline":
            return _("「{title}」は、いつまでですか", title=title), [line for line in (deadline(definition),) if line]
        case "days":
            return _("「{title}」は、何日かかりますか", title=title), [
                line for line in (standard_days(definition),) if line
            ]
        case "where":
            offices = definition.offices_in(current_city().key)
            return _("「{title}」は、どこでできますか", title=title), [words(office.name) for office in offices]
    return "", []

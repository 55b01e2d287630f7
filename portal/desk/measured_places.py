"""What the map says of the places of a case, in words for the drawer."""

from collections.abc import Mapping
from typing import Any

from forms import Definition
from forms.fields.place import PlaceField
from portal.cases import Case, format_period, period_of
from portal.cases.queries import Place
from portal.core.text import _
from portal.residents.answers import place_title


def measured_places(
    case: Case, definition: Definition, answers: Mapping[str, Any], titles: Mapping[str, str], places: list[Place]
) -> list[tuple[str, str]]:
    """What the map says of the places: where, how large, for how long, and what the layers there are called."""
    rows: list[tuple[str, str]] = [(_("場所"), case.place_label)] if places and case.place_label else []
    for place in places:
        question = definition.question_at(place.field)
        row = place_title(definition, place.field)
        starts, ends = period_of(definition, answers, place.field) if question else (None, None)
        size = f"{place.area_m2:,.2f} m²" if place.area_m2 else f"{place.length_m:,.1f} m" if place.length_m else ""
        text = "・".join(part for part in (size, format_period(starts, ends) if starts or ends else "") if part)
        if text:
            term = _("面積・期間") if place.area_m2 else _("長さ・期間")
            rows.append((f"{row} {term}".strip(), text))
        assigned_by = definition.workflow.assign.by if definition.workflow.assign else None
        if isinstance(question, PlaceField):
            looked_up = _looked_up(case, place.field, question, titles, assigned_by)
            rows += [(f"{row} {title}".strip(), value) for title, value in looked_up]
    return rows


def _looked_up(
    case: Case, path: str, question: PlaceField, titles: Mapping[str, str], assigned_by: str | None
) -> list[tuple[str, str]]:
    """What the layers say, without what only tells which department gets the case."""
    facts = case.facts.get(path, {})
    by_layer: dict[str, list[str]] = {}
    for look_up in question.look_up:
        value = facts.get(look_up.as_)
        if value is not None and look_up.layer in titles and f"{question.id}.{look_up.as_}" != assigned_by:
            by_layer.setdefault(titles[look_up.layer], []).append(
                f"{value:,}" if isinstance(value, int) else str(value)
            )
    return [(title, "・".join(values)) for title, values in by_layer.items()]

"""The map's results in sentences, in the reader's language."""

from datetime import date

from forms.text.ways import ways_of
from portal.cases.occupancy import OccupancyConflict
from portal.cases.place_reasons import finding_reason
from portal.cases.places import PlaceInspection, RuleFailure
from portal.core.text import _, current_language, date_ja, using_language

CITY_BOUNDARY = "city-boundary"
"""The map layer that every city has of its own area."""


def place_error_messages(inspection: PlaceInspection, field_id: str, language: str) -> list[str]:
    """Return all failures of a place: of its shape, of the rules about map layers, and conflicts with other permits."""
    return [*rule_error_messages(inspection, field_id, language), *conflict_messages(inspection, field_id, language)]


def rule_error_messages(inspection: PlaceInspection, field_id: str, language: str) -> list[str]:
    """Return the failures of a place's shape and of its rules about map layers, without conflicts with other permits."""
    with using_language(language):
        unreadable = [_("地図の形を読み取れません。かき直してください。")] if field_id in inspection.unreadable else []
    return unreadable + [
        rule_error_message(failure, language) for failure in inspection.rule_failures.get(field_id, ())
    ]


def conflict_messages(inspection: PlaceInspection, field_id: str, language: str) -> list[str]:
    """Return the conflicts of a place with other permits."""
    return [conflict_message(conflict, language) for conflict in inspection.conflicts.get(field_id, ())]


def rule_error_message(failure: RuleFailure, language: str) -> str:
    """The definition's own words for a rule, or those of its kind; near an edge it says so."""
    with using_language(language):
        near = _("(境界のすぐ近くなので、市が確かめることがあります)") if failure.finding.near_boundary else ""
        if failure.message:
            return failure.message.for_language(language) + near
        if failure.kind == "inside" and failure.layer == CITY_BOUNDARY:
            return _("市内の場所を示してください。") + near
    return finding_reason(failure.finding, language)


def conflict_message(conflict: OccupancyConflict, language: str) -> str:
    """`別の許可(足場・12月7日(月)〜11日(金)・道路課)と3.23 m²重なっています。…`"""
    with using_language(language):
        period = format_period(conflict.starts_on, conflict.ends_on)
        return _(
            "別の許可({works})と{area} m²重なっています。場所か期間を変えてください。",
            works=conflict.told(period, language),
            area=f"{conflict.overlap_m2:,.2f}",
        )


def no_conflict_messages(inspection: PlaceInspection, field_id: str, language: str) -> list[str]:
    """For each rule about other cases that holds, that nobody is in the way."""
    with using_language(language):
        clear = _("ほかの許可と重なっていません")
    return [clear for passed in inspection.passed.get(field_id, ()) if passed.kind == "clear_of"]


def format_period(starts: date | None, ends: date | None) -> str:
    """`12月7日(月)〜12月11日(金)`"""
    if not starts and not ends:
        return _("期間の定めなし")
    return ways_of(current_language()).show_span(date_ja(starts), date_ja(ends))

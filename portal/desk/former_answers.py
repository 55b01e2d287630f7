"""What a case said before its corrections, beside what it says now: question by question, and where a drawn place lay."""

from collections.abc import Mapping, Sequence
from typing import Any

from forms import Definition
from forms.fields import FieldType
from portal.cases import Revision
from portal.core.text import _, moment_ja
from portal.residents.answers import answer_text


def former_answers(
    question: FieldType, answers: Mapping[str, Any], revisions: Sequence[Revision]
) -> list[tuple[str, str]]:
    """The answers before each correction that changed them, with the moment of the correction, the newest first."""
    replaced = _replaced(question.id, answers, revisions)
    return [
        (moment_ja(revision.replaced_at), answer_text(question, revision.answers.get(question.id)))
        for revision in replaced
    ]


def former_sizes(
    definition: Definition, answers: Mapping[str, Any], revisions: Sequence[Revision]
) -> list[tuple[str, str]]:
    """How large each drawn place was before each correction that moved it, as rows of a list."""
    rows = []
    for field_id in definition.place_fields:
        for revision in _replaced(field_id, answers, revisions):
            facts = revision.facts.get(field_id, {})
            area, length = facts.get("area_m2"), facts.get("length_m")
            size = f"{area:,.2f} m²" if area else f"{length:,.1f} m" if length else _("別の地点")
            when = _("({moment}の補正まで)", moment=moment_ja(revision.replaced_at))
            rows.append((_("補正の前"), f"{size} {when}"))
    return rows


def former_shapes(
    definition: Definition, answers: Mapping[str, Any], revisions: Sequence[Revision]
) -> list[dict[str, Any]]:
    """The geometry (GeoJSON) that each drawn place had before the newest correction that moved it."""
    newest = (next(iter(_replaced(field_id, answers, revisions)), None) for field_id in definition.place_fields)
    places = zip(definition.place_fields, newest, strict=True)
    return [
        revision.answers[field_id]["geometry"]
        for field_id, revision in places
        if revision is not None and field_id in revision.answers
    ]


def _replaced(field_id: str, answers: Mapping[str, Any], revisions: Sequence[Revision]) -> list[Revision]:
    """The revisions whose answer to a question the correction after them changed, the newest first."""
    later = [*(revision.answers for revision in revisions[1:]), answers]
    pairs = zip(revisions, later, strict=False)
    return [revision for revision, after in pairs if revision.answers.get(field_id) != after.get(field_id)][::-1]

"""What a case said before its corrections, beside what it says now: question by question, with its files, and where a drawn place lay."""

from collections.abc import Mapping, Sequence
from typing import Any

from forms import Definition
from forms.fields import FieldType
from forms.fields.group import GroupField
from forms.fields.occurrences import answer_at
from portal.cases import Revision
from portal.core.text import _, moment_ja
from portal.residents.answers import answer_text, file_titles, place_title


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
    for field_id in definition.places_in(_most_rows(definition, answers, revisions)):
        for revision in _replaced(field_id, answers, revisions):
            if answer_at(revision.answers, field_id) is None and "." in field_id:
                continue  # a row that was added since
            facts = revision.facts.get(field_id, {})
            area, length = facts.get("area_m2"), facts.get("length_m")
            size = f"{area:,.2f} m²" if area else f"{length:,.1f} m" if length else _("別の地点")
            when = _("({moment}の補正まで)", moment=moment_ja(revision.replaced_at))
            rows.append((f"{place_title(definition, field_id)} {_('補正の前')}".strip(), f"{size} {when}"))
    return rows


def former_shapes(
    definition: Definition, answers: Mapping[str, Any], revisions: Sequence[Revision]
) -> list[dict[str, Any]]:
    """The geometry (GeoJSON) that each drawn place had before the newest correction that moved it."""
    newest = {
        path: next(iter(_replaced(path, answers, revisions)), None)
        for path in definition.places_in(_most_rows(definition, answers, revisions))
    }
    return [
        place["geometry"]
        for path, revision in newest.items()
        if revision is not None and (place := answer_at(revision.answers, path)) is not None
    ]


def former_files(
    definition: Definition, answers: Mapping[str, Any], revisions: Sequence[Revision]
) -> dict[str, tuple[str, str]]:
    """The files that a correction replaced or took out, by their public id: what each was called, and the moment of the correction."""
    present = file_titles(definition, answers)
    return {
        public_id: (title, moment_ja(revision.replaced_at))
        for revision in revisions
        for public_id, title in file_titles(definition, revision.answers).items()
        if public_id not in present
    }


def _most_rows(definition: Definition, answers: Mapping[str, Any], revisions: Sequence[Revision]) -> dict[str, Any]:
    """For each question the answer with the most rows there ever were, so that each row's place is looked at."""
    ever = [answers, *(revision.answers for revision in revisions)]
    return {
        field.id: max((given.get(field.id) or [] for given in ever), key=len)
        for field in definition.fields.values()
        if isinstance(field, GroupField)
    }


def _replaced(field_id: str, answers: Mapping[str, Any], revisions: Sequence[Revision]) -> list[Revision]:
    """The revisions whose answer to a question the correction after them changed, the newest first."""
    later = [*(revision.answers for revision in revisions[1:]), answers]
    pairs = zip(revisions, later, strict=False)
    return [
        revision for revision, after in pairs if answer_at(revision.answers, field_id) != answer_at(after, field_id)
    ][::-1]

"""The filled forms of stages as the office reads them, in the drawer and on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.cases import FilledForm
from portal.core.text import using_language
from portal.residents.answers import Row, sections


@dataclass(frozen=True)
class StageRecord:
    """One filled form: who wrote it and when, and its answers in words."""

    title: str
    staff_name: str
    filled_at: datetime
    rows: list[Row]


def stage_records(filled: Sequence[FilledForm]) -> list[StageRecord]:
    """The forms with the questions that were answered, in the order given."""
    with using_language("ja"):
        return [
            StageRecord(
                form.definition.title.for_language("ja"),
                form.staff_name,
                form.filled_at,
                [row for section in sections(form.definition, form.answers, {}, form.answers) for row in section.rows],
            )
            for form in filled
        ]

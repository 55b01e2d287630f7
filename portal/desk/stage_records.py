"""The filled forms of stages as the office reads them, in the drawer and on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.cases import FilledForm
from portal.core.text import moment_ja, using_language
from portal.files import StoredFile, capture_of
from portal.residents.answers import Row, sections


@dataclass(frozen=True)
class StageRecord:
    """One filled form: who wrote it and when, and its answers in words."""

    title: str
    staff_name: str
    filled_at: datetime
    rows: list[Row]


def photo_features(case_id: int, files: Sequence[StoredFile]) -> list[dict[str, Any]]:
    """Where the photos of a case were taken that know it, in the order of the files, as GeoJSON features of the role `photo`; those that were
    scanned with the address at which they are looked at.
    """
    features = []
    for file in files:
        capture = capture_of(file)
        if capture is None or capture.lon is None or capture.lat is None:
            continue
        title = f"{file.name} {moment_ja(capture.at)}".strip()
        point = {"type": "Point", "coordinates": [capture.lon, capture.lat]}
        address = f"/desk/cases/{case_id}?tab=files&file={file.public_id}" if file.scan == "clean" else None
        properties = {"role": "photo", "title": title, "address": address}
        features.append({"type": "Feature", "geometry": point, "properties": properties})
    return features


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

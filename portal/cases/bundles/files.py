"""Files of a bundle: one that two procedures ask for is given once, and lies with both when they are sent."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy.orm import Session

from forms.fields.file import Files
from forms.fields.occurrences import occurrences
from portal.cases.answers import seal_answers
from portal.cases.bundle_member import Member
from portal.cases.drafts import answers_of
from portal.core.database import city_of
from portal.files import copy_to_draft, files_of_drafts

#: New ids by old ones.
Renamed = Mapping[str, str]


def lay_with_each(session: Session, members: Sequence[Member]) -> dict[int, Renamed]:
    """Give each draft a copy of the files that its answers share with another draft of the bundle, and name the copies in its answers.

    Returns, by the draft's id, which id stands for which from now on.
    """
    stored = {file.public_id: file for file in files_of_drafts(session, [member.draft.id for member in members])}
    renamed: dict[int, Renamed] = {}
    for member in members if stored else ():
        answers = answers_of(session, member.draft)
        ids: dict[str, str] = {}
        for question in occurrences(member.definition.fields.values(), answers, Files):
            for reference in cast(list[Any], question.value or ()):
                file = stored.get(reference["id"])
                if file is not None and file.draft_id != member.draft.id and file.public_id not in ids:
                    copy = copy_to_draft(session, file, member.draft.id, question.slot)
                    ids[file.public_id] = copy.public_id
        if ids:
            member.draft.answers = seal_answers(city_of(session), member.definition, with_ids(answers, ids))
            renamed[member.draft.id] = ids
    session.flush()
    return renamed


def with_ids(value: Any, ids: Renamed) -> Any:
    """Answers in which other ids stand for those of files."""
    if isinstance(value, dict):
        renamed = {key: with_ids(inner, ids) for key, inner in value.items()}
        return renamed | {"id": ids[value["id"]]} if value.get("id") in ids else renamed
    return [with_ids(inner, ids) for inner in value] if isinstance(value, list) else value

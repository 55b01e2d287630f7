"""Items of a profile in words: what an item is called, what its answer says, and on which part of the page it stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from forms.catalogue.vocabulary import Item
from forms.fields.base import ReadContext
from portal.core.clock import today
from portal.core.tenancy import plane_of
from portal.core.text import _, current_language
from portal.procedures import definition_of, vocabulary_in_force
from portal.profiles import NewItem, ProfileItem, as_question_has_it, form_of_item


@dataclass(frozen=True)
class ItemWords:
    """An item with its label, its answer as lines, and the heading under which it stands."""

    name: str
    label: str
    lines: list[str]
    heading: str


def words_of_item(session: Session, kept: ProfileItem | NewItem) -> ItemWords:
    """An item that is kept, or may be, as the question that asked for it shows the answer."""
    version_id = kept.version_id if isinstance(kept, ProfileItem) else kept.origin.version_id
    source = definition_of(session, version_id)
    form = form_of_item(kept, source)
    (question,) = form.fields.values()
    language = current_language()
    answer: Any = as_question_has_it(question, kept.answer, ReadContext(today(), language, plane=plane_of(session)))
    lines = question.show(answer, language).splitlines() if answer is not None else []
    item = source.vocabulary.items.get(kept.item)
    return ItemWords(kept.item, question.label_in(language), lines, _heading(item))


def label_of_item(session: Session, name: str) -> str:
    """What an item is called in the city of the session."""
    item = vocabulary_in_force(session).items.get(name)
    return item.label.for_language(current_language()) if item is not None else name


def by_heading(items: Iterable[Any], words: Mapping[str, ItemWords]) -> dict[str, list[Any]]:
    """Items under the headings of the page, in the order in which people think of them."""
    grouped: dict[str, list[Any]] = {heading: [] for heading in _headings().values()}
    for each in items:
        grouped[words[each.item].heading].append(each)
    return {heading: under for heading, under in grouped.items() if under}


def _headings() -> dict[str | None, str]:
    return {"who": _("あなたのこと"), "where": _("住所"), "household": _("家族・世帯"), None: _("そのほか")}


def _heading(item: Item | None) -> str:
    headings = _headings()
    topic = item.topic if item is not None else None
    return headings.get(topic, headings[None])

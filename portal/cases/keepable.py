"""What the applicant of sent cases may keep for next time: the answers to shared items, one for each item."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from forms import Definition
from portal.cases.answers import open_answers
from portal.cases.models import Case
from portal.cases.parties import item_answers
from portal.cases.prefill import EMAIL
from portal.core.database import city_of
from portal.procedures import definition_of
from portal.profiles import NewItem, Origin, as_shared


def keepable_items(session: Session, cases: Sequence[Case]) -> list[NewItem]:
    """The items of these cases of one applicant, in the order of the vocabulary; of several answers to an item the one of the first case.

    The e-mail address is not among them: the account has it.
    """
    by_item: dict[str, NewItem] = {}
    order: list[str] = []
    for case in cases:
        definition = definition_of(session, case.version_id)
        order = order or list(definition.vocabulary.items)
        for item in _items(session, case, definition):
            by_item.setdefault(item.item, item)
    return sorted(by_item.values(), key=lambda item: order.index(item.item) if item.item in order else len(order))


def _items(session: Session, case: Case, definition: Definition) -> Iterator[NewItem]:
    """Those of one case. A new address is the address from then on; a person who applies is kept item by item, an organization as a whole."""
    answers = open_answers(city_of(session), case.answers)
    vocabulary = definition.vocabulary.items
    same_as = {entry.same_as: name for name, entry in vocabulary.items() if entry.profile and entry.same_as}
    origin = Origin(case.version_id, case.procedure_key, case.number)
    moved: list[NewItem] = []
    for question in definition.fields.values():
        answer = answers.get(question.id)
        if answer is None or question.item is None:
            continue
        parts = list(item_answers(question, answer))
        for part, item, value in parts:
            if item != EMAIL:
                sensitive = part.sensitive or question.sensitive
                yield NewItem(item, part.type, value, sensitive, question.id, origin)
        name = question.item if vocabulary.get(question.item) and vocabulary[question.item].profile else None
        if name is not None and name != EMAIL and not parts:
            yield NewItem(name, question.type, as_shared(question, answer), question.sensitive, question.id, origin)
        elif question.item in same_as:
            moved.append(
                NewItem(same_as[question.item], question.type, answer, question.sensitive, question.id, origin)
            )
    yield from moved

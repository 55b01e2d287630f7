"""What an account says of a person's facts: what they keep for the next application, and how their earlier ones ended.

It only ever says that something is so. What it says nothing of is sources, and what it says can be corrected like any answer.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from forms.catalogue.vocabulary import AccountSource, Fact, Item, shipped
from forms.routing import KnownFact
from portal.cases import Case
from portal.core.clock import today
from portal.profiles import ProfileItem, profile_items

#: How a fact is known from an account.
ACCOUNT_SOURCES: Final = frozenset({"profile", "earlier_case"})


def facts_of_account(
    session: Session, account_id: int, cases: Collection[Case], vocabulary: Mapping[str, Fact]
) -> dict[str, KnownFact]:
    """The facts of the vocabulary that the account answers (`from_account`); `cases` are those of its visitor."""
    sources = {name: fact.from_account for name, fact in vocabulary.items() if fact.from_account is not None}
    if not sources:
        return {}
    kept = {each.item: each for each in profile_items(session, account_id)}
    ended_well = {case.procedure_key for case in cases if case.account_id == account_id and case.status == "ok"}
    known: dict[str, KnownFact] = {}
    for name, source in sources.items():
        if source.case in ended_well:
            known[name] = KnownFact(True, "earlier_case")
        elif source.item in kept and _counts(kept[source.item], source, shipped().items):
            known[name] = KnownFact(True, "profile")
    return known


def _counts(kept: ProfileItem, source: AccountSource, items: Mapping[str, Item]) -> bool:
    if source.born_within_years is None and source.aged_from is None:
        return True
    rows: Sequence[Mapping[str, Any]] = kept.answer if isinstance(kept.answer, list) else []
    birthdays = (
        date.fromisoformat(value)
        for row in rows
        for name, value in row.items()
        if name in items and items[name].type == "birthday"
    )
    youngest, oldest = source.aged_from or 0, source.born_within_years or 1_000
    return any(youngest <= _age(birthday) < oldest for birthday in birthdays)


def _age(birthday: date) -> int:
    day = today()
    return day.year - birthday.year - ((day.month, day.day) < (birthday.month, birthday.day))

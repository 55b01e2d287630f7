"""The words that the city shares now: those that come with Madoguchi, and its own; the roles of its staff with them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forms.catalogue.vocabulary import Vocabulary, vocabulary_of
from portal.identity import city_roles
from portal.procedures.word_models import CityWord


def vocabulary_in_force(session: Session) -> Vocabulary:
    """The words that the city shares now."""
    own: dict[str, dict[str, Any]] = {"roles": city_roles.own_role_titles(session)}
    for word in newest_words(session):
        if word.entry is not None:
            own.setdefault(word.kind, {})[word.name] = word.entry
    return vocabulary_of(own)


def newest_words(session: Session) -> Sequence[CityWord]:
    """Every word that the city ever had, as it is now, those taken out too, in the order in which they came."""
    newest = select(func.max(CityWord.id)).group_by(CityWord.kind, CityWord.name)
    first = (
        select(CityWord.kind, CityWord.name, func.min(CityWord.id).label("first"))
        .group_by(CityWord.kind, CityWord.name)
        .subquery()
    )
    query = (
        select(CityWord)
        .join(first, (first.c.kind == CityWord.kind) & (first.c.name == CityWord.name))
        .where(CityWord.id.in_(newest))
        .order_by(first.c.first)
    )
    return session.scalars(query).all()

"""The city's own groups of words that people use for each other; those that come with Madoguchi hold besides."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.errors import Invalid, NotFound
from portal.core.events import Actor, Subject, record
from portal.core.locking import lock_row
from portal.search.models import SearchSynonym

MAX_WORDS, MAX_LENGTH, MAX_GROUPS = 30, 40, 500
"""Words in a group, letters of a word, groups of a city."""


def synonyms(session: Session) -> Sequence[SearchSynonym]:
    """Every group of the city, the newest last."""
    return session.scalars(select(SearchSynonym).order_by(SearchSynonym.id)).all()


def synonym_group(session: Session, group_id: int) -> SearchSynonym:
    """One group. Raises NotFound."""
    group = session.get(SearchSynonym, group_id)
    if group is None:
        raise NotFound
    return group


def add_synonyms(session: Session, words: Sequence[str], *, actor: Actor) -> SearchSynonym:
    """Keep a new group. Raises Invalid."""
    if (session.scalar(select(func.count()).select_from(SearchSynonym)) or 0) >= MAX_GROUPS:
        raise Invalid("組が多すぎます。", {"words": f"組は{MAX_GROUPS}までです。使わない組を消してください。"})
    group = SearchSynonym(words=_checked(words), staff_id=actor.id, changed_at=now())
    session.add(group)
    session.flush()
    record(session, Subject("synonyms", group.id), "synonyms.added", actor)
    return group


def change_synonyms(session: Session, group_id: int, words: Sequence[str], *, actor: Actor) -> None:
    """Put other words in the place of a group's. Raises Invalid, NotFound."""
    group = _locked(session, group_id)
    group.words, group.staff_id, group.changed_at = _checked(words), actor.id, now()
    record(session, Subject("synonyms", group_id), "synonyms.changed", actor)


def remove_synonyms(session: Session, group_id: int, *, actor: Actor) -> None:
    """Forget a group. Raises NotFound."""
    session.delete(_locked(session, group_id))
    record(session, Subject("synonyms", group_id), "synonyms.removed", actor)


def _locked(session: Session, group_id: int) -> SearchSynonym:
    group = lock_row(session, SearchSynonym, SearchSynonym.id == group_id)
    if group is None:
        raise NotFound
    return group


def _checked(words: Sequence[str]) -> list[str]:
    cleaned = (word.replace("\x00", "").strip() for word in words)
    kept = list(dict.fromkeys(word for word in cleaned if word))
    if not 2 <= len(kept) <= MAX_WORDS:
        raise Invalid(
            "言葉を直してください。", {"words": f"同じ意味の言葉を、2つから{MAX_WORDS}個まで書いてください。"}
        )
    if too_long := [word for word in kept if len(word) > MAX_LENGTH]:
        raise Invalid(
            "言葉を直してください。",
            {"words": f"「{too_long[0][:20]}…」が長すぎます。1つ{MAX_LENGTH}字までにしてください。"},
        )
    return kept

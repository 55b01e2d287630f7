"""Reading the news: what everybody sees today, and what departments have written."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from portal.core.clock import today
from portal.core.errors import NotFound
from portal.news.models import NewsArticle

_NEWEST_FIRST = (NewsArticle.shown_from.desc(), NewsArticle.id.desc())


def shown_articles(session: Session, count: int, *, after: int = 0) -> Sequence[NewsArticle]:
    """What residents see today, the newest first: `count` articles, after as many."""
    return session.scalars(
        select(NewsArticle).where(*_shown()).order_by(*_NEWEST_FIRST).offset(after).limit(count)
    ).all()


def count_shown(session: Session) -> int:
    """How many articles residents see today."""
    return session.scalar(select(func.count()).select_from(NewsArticle).where(*_shown())) or 0


def article_for_everybody(session: Session, article_id: int) -> NewsArticle:
    """An article that residents see today. Raises NotFound."""
    article = session.scalar(select(NewsArticle).where(NewsArticle.id == article_id, *_shown()))
    if article is None:
        raise NotFound("このお知らせは、いま公開していません。")
    return article


def articles_of(session: Session, department_ids: Collection[int]) -> Sequence[NewsArticle]:
    """Every article of these departments, those changed last first."""
    query = select(NewsArticle).where(NewsArticle.department_id.in_(department_ids))
    return session.scalars(query.order_by(NewsArticle.changed_at.desc(), NewsArticle.id.desc()).limit(500)).all()


def article_of(session: Session, article_id: int) -> NewsArticle:
    """An article, whether it is shown or not. Raises NotFound."""
    article = session.get(NewsArticle, article_id)
    if article is None:
        raise NotFound
    return article


def _shown() -> tuple[ColumnElement[bool], ...]:
    day = today()
    return NewsArticle.shown_from <= day, or_(NewsArticle.shown_until.is_(None), NewsArticle.shown_until >= day)

"""Writing the news: drafts, publishing from a day until a day, and the end of it."""

from datetime import timedelta

from sqlalchemy.orm import Session

from portal.core.clock import now, today
from portal.core.errors import Conflict, NotFound
from portal.core.events import Actor, Subject, record
from portal.core.locking import lock_row
from portal.identity import belongings
from portal.news.content import Content
from portal.news.models import NewsArticle

_CHANGED = "ほかの職員が、このお知らせを先に変えました。いまの内容を確かめて、もう一度保存してください。"


def save_article(
    session: Session,
    article_id: int | None,
    content: Content,
    *,
    department_id: int,
    actor: Actor,
    expected_version: int,
) -> NewsArticle:
    """Keep an article, a new one without `article_id`: as a draft, or shown on the days that it names.

    `expected_version` is the number of the article that its author saw, 0 for a new one. Raises Invalid, NotFound, and Conflict where somebody
    changed it since.
    """
    content.check()
    article = _locked(session, article_id) if article_id is not None else None
    if article is not None and article.number != expected_version:
        raise Conflict(_CHANGED)
    was_public = article is not None and article.shown_from is not None
    values = {
        "number": expected_version + 1,
        "department_id": department_id,
        "subject": content.subject,
        "title": dict(content.title),
        "body": dict(content.body),
        "shown_from": content.shown_from,
        "shown_until": content.shown_until if content.shown_from is not None else None,
        "staff_id": actor.id,
        "changed_at": now(),
    }
    if article is None:
        article = NewsArticle(**values)
        session.add(article)
    else:
        for name, value in values.items():
            setattr(article, name, value)
    session.flush()
    event = "news.saved" if content.shown_from is None else "news.changed" if was_public else "news.published"
    record(session, Subject("news", article.id), event, actor)
    return article


def end_article(session: Session, article_id: int, *, actor: Actor) -> None:
    """Show an article no more from now on. One that nobody has seen yet becomes a draft again. Raises NotFound."""
    article = _locked(session, article_id)
    if article.shown_from is None:
        raise NotFound
    yesterday = today() - timedelta(days=1)
    if article.shown_from > yesterday:
        article.shown_from = article.shown_until = None
    else:
        article.shown_until = yesterday
    article.number += 1
    article.staff_id, article.changed_at = actor.id, now()
    record(session, Subject("news", article_id), "news.ended", actor)


def delete_draft(session: Session, article_id: int, *, actor: Actor) -> None:
    """Delete an article that is a draft. Raises NotFound for any other."""
    article = _locked(session, article_id)
    if article.shown_from is not None:
        raise NotFound
    session.delete(article)
    record(session, Subject("news", article_id), "news.deleted", actor)


def _locked(session: Session, article_id: int) -> NewsArticle:
    article = lock_row(session, NewsArticle, NewsArticle.id == article_id)
    if article is None:
        raise NotFound
    return article


belongings.declare_owned("news", NewsArticle.department_id)

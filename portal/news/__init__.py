"""News that the city's departments write for everybody: drafts, what is shown from a day until a day, in the languages they have."""

from portal.news import events, rights
from portal.news.actions import delete_draft, end_article, save_article
from portal.news.content import MAX_BODY, MAX_TITLE, SUBJECTS, Content
from portal.news.models import NewsArticle
from portal.news.queries import article_for_everybody, article_of, articles_of, count_shown, shown_articles

__all__ = [
    "MAX_BODY",
    "MAX_TITLE",
    "SUBJECTS",
    "Content",
    "NewsArticle",
    "article_for_everybody",
    "article_of",
    "articles_of",
    "count_shown",
    "delete_draft",
    "end_article",
    "events",
    "rights",
    "save_article",
    "shown_articles",
]

"""The city's news: the list, one article, and a feed for readers of feeds."""

from flask import Response, make_response, render_template

from portal import news
from portal.core.access import PUBLIC, allow
from portal.core.errors import NotFound
from portal.core.models import MAX_ID
from portal.core.text import _, current_language
from portal.core.web import db
from portal.identity import get_department
from portal.news import NewsArticle
from portal.residents.blueprint import bp
from portal.residents.paging import page_asked

_PAGE, _IN_FEED = 20, 30


@bp.get("/news")
@allow(PUBLIC)
def news_list() -> str:
    """What is shown today, the newest first, a page at a time."""
    page, count = page_asked(), news.count_shown(db())
    articles = news.shown_articles(db(), _PAGE, after=_PAGE * (page - 1))
    return render_template("residents/news.html", articles=articles, page=page, pages=-(-count // _PAGE))


@bp.get("/news/<int:article_id>")
@allow(PUBLIC)
def news_article(article_id: int) -> str:
    """One article."""
    if article_id > MAX_ID:
        raise NotFound
    article = news.article_for_everybody(db(), article_id)
    department = get_department(db(), article.department_id)
    return render_template(
        "residents/news_article.html", article=article, department=department, language_note=language_note(article)
    )


@bp.get("/news.atom")
@allow(PUBLIC)
def news_feed() -> Response:
    """The newest articles as an Atom feed (RFC 4287), in the reader's language as far as they are in it."""
    articles = news.shown_articles(db(), _IN_FEED)
    updated = max((article.changed_at for article in articles), default=None)
    response = make_response(render_template("residents/news.atom.xml", articles=articles, updated=updated))
    response.content_type = "application/atom+xml; charset=utf-8"
    return response


def language_note(article: NewsArticle) -> str:
    """That an article is not in the reader's language; empty where it is."""
    return "" if current_language() in article.title else _("このお知らせは、日本語だけです。")

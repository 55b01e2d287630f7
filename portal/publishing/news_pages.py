"""The news, as departments write them: a list, one article with its preview, publishing and the end of it."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import news
from portal.core.access import allow, right, staff_member
from portal.core.clock import today
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor
from portal.core.models import MAX_ID
from portal.core.web import db
from portal.identity import list_departments
from portal.publishing.news_forms import ArticleForm, data_of

bp = Blueprint("news_desk", __name__, url_prefix="/desk/news")
EDIT = right("news.edit")
STATES = {"draft": "下書き", "waiting": "公開待ち", "shown": "公開中", "over": "公開終了"}


@bp.get("")
@allow(EDIT)
def index() -> str:
    """The articles of one's own departments."""
    titles = {department.id: department.title["ja"] for department in list_departments(db(), with_closed=True)}
    articles = news.articles_of(db(), staff_member().departments("news.edit"))
    return render_template("publishing/news.html", articles=articles, titles=titles, states=STATES)


@bp.get("/edit")
@allow(EDIT)
def new() -> str:
    """A new article."""
    return _page(ArticleForm(formdata=None, seen="0", shown_from=today().isoformat()), None)


@bp.get("/edit/<int:article_id>")
@allow(EDIT)
def edit(article_id: int) -> str:
    """An article that there is."""
    article = _own(article_id)
    return _page(ArticleForm(formdata=None, **data_of(article)), article)


@bp.post("/edit")
@allow(EDIT)
def save_new() -> ResponseReturnValue:
    """Keep a new article, or look at it first."""
    return _save(None)


@bp.post("/edit/<int:article_id>")
@allow(EDIT)
def save(article_id: int) -> ResponseReturnValue:
    """Keep an article that there is, or look at it first."""
    return _save(_own(article_id))


@bp.post("/end/<int:article_id>")
@allow(EDIT)
def end(article_id: int) -> ResponseReturnValue:
    """Show an article no more."""
    news.end_article(db(), _own(article_id).id, actor=_actor())
    return redirect(url_for("news_desk.index"), 303)


@bp.post("/delete/<int:article_id>")
@allow(EDIT)
def delete(article_id: int) -> ResponseReturnValue:
    """Delete a draft."""
    news.delete_draft(db(), _own(article_id).id, actor=_actor())
    return redirect(url_for("news_desk.index"), 303)


def _save(article: news.NewsArticle | None) -> ResponseReturnValue:
    form = ArticleForm()
    act = form.act.data
    if not form.validate():
        return _page(form, article), 422
    try:
        content = form.content(draft=act not in ("publish", "preview"))
        content.check()
        department_id = _department(form.department_id.data)
        if act == "preview":
            return _page(form, article, preview=content)
        seen = int(form.seen.data) if form.seen.data.isascii() and form.seen.data.isdigit() else 0
        article_id = article.id if article else None
        news.save_article(db(), article_id, content, department_id=department_id, actor=_actor(), expected_version=seen)
    except Invalid as error:
        form.show(error)
        return _page(form, article), 422
    except Conflict as error:
        form.seen.data = str(article.number) if article else "0"
        return _page(form, article, conflict=error.message), 409
    return redirect(url_for("news_desk.index"), 303)


def _page(
    form: ArticleForm, article: news.NewsArticle | None, *, preview: news.Content | None = None, conflict: str = ""
) -> str:
    own = staff_member().departments("news.edit")
    departments = [department for department in list_departments(db()) if department.id in own]
    form.offer({str(department.id): department.title["ja"] for department in departments})
    chosen = next((each for each in departments if str(each.id) == form.department_id.data), departments[0])
    return render_template(
        "publishing/news_article.html",
        form=form,
        article=article,
        preview=preview,
        department=chosen,
        conflict=conflict,
        states=STATES,
    )


def _department(text: str) -> int:
    chosen = int(text) if text.isascii() and text.isdigit() else 0
    if not staff_member().may("news.edit", chosen):
        raise Invalid("担当の課を選んでください。", {"department_id": "担当の課を選んでください。"})
    return chosen


def _own(article_id: int) -> news.NewsArticle:
    """An article of a department whose news this person writes. Raises NotFound for any other."""
    if article_id > MAX_ID:
        raise NotFound
    article = news.article_of(db(), article_id)
    if not staff_member().may("news.edit", article.department_id):
        raise NotFound
    return article


def _actor() -> Actor:
    return Actor("staff", staff_member().id, staff_member().name)

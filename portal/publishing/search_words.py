"""The words of the search: what people looked for and did not find, and which words the city takes for the same."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import search
from portal.core.access import allow, right, staff_member
from portal.core.errors import Invalid, NotFound
from portal.core.events import Actor
from portal.core.models import MAX_ID
from portal.core.tenancy import current_city
from portal.core.web import db
from portal.publishing.search_forms import ForgetForm, SynonymForm

bp = Blueprint("search_words", __name__, url_prefix="/desk/search")
EDIT = right("search.edit")
_TRIED = 5


@bp.get("")
@allow(EDIT)
def index() -> str:
    """What was not found, the city's own groups and those that come with Madoguchi; a search tried with `q`."""
    return _index(SynonymForm(formdata=None, words=_words_from_list()))


@bp.get("/synonyms/<int:synonym_id>")
@allow(EDIT)
def edit(synonym_id: int) -> str:
    """One group of the city's own."""
    group = search.synonym_group(db(), _id(str(synonym_id)))
    return _index(SynonymForm(formdata=None, id=str(group.id), words="、".join(group.words)))


@bp.post("/synonyms")
@allow(EDIT)
def save() -> ResponseReturnValue:
    """Keep a new group, or other words in the place of one."""
    form = SynonymForm()
    if not form.validate():
        return _index(form), 422
    try:
        if form.id.data:
            search.change_synonyms(db(), _id(form.id.data), form.group(), actor=_actor())
        else:
            search.add_synonyms(db(), form.group(), actor=_actor())
    except Invalid as error:
        form.show(error)
        return _index(form), 422
    return redirect(url_for("search_words.index"), 303)


@bp.post("/synonyms/remove")
@allow(EDIT)
def remove() -> ResponseReturnValue:
    """Forget a group."""
    search.remove_synonyms(db(), _id(ForgetForm().id.data), actor=_actor())
    return redirect(url_for("search_words.index"), 303)


@bp.post("/unfound/remove")
@allow(EDIT)
def forget() -> ResponseReturnValue:
    """Take words from the list of what was not found: somebody saw to them."""
    search.forget_unfound(db(), ForgetForm().words.data or "")
    return redirect(url_for("search_words.index"), 303)


def _index(form: SynonymForm) -> str:
    tried = request.args.get("q", "").strip()
    return render_template(
        "publishing/search_words.html",
        form=form,
        unfound=search.unfound_queries(db()),
        groups=search.synonyms(db()),
        shipped=search.shipped_words().synonyms,
        tried=tried,
        results=search.find(db(), current_city(), tried) if tried else None,
        shown=_TRIED,
    )


def _words_from_list() -> str:
    words = request.args.get("words", "")[:40]
    return f"{words}、" if words else ""


def _id(text: str | None) -> int:
    if not text or not text.isascii() or not text.isdigit() or int(text) > MAX_ID:
        raise NotFound
    return int(text)


def _actor() -> Actor:
    return Actor("staff", staff_member().id, staff_member().name)

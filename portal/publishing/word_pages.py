"""The city's own facts and items: what there is, who uses it, and changing one after seeing what follows."""

import io
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from ruamel.yaml import YAML

from forms.catalogue.vocabulary import shipped, vocabulary_of
from portal import procedures
from portal.core.access import allow, staff_member
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor
from portal.core.text import _
from portal.core.web import db
from portal.identity import list_departments
from portal.procedures import CityWord, WordKind
from portal.publishing.blueprint import EDIT, PUBLISH
from portal.publishing.republications import after_change, unfinished
from portal.publishing.word_forms import ChooseWordForm, WordForm

bp = Blueprint("words", __name__, url_prefix="/desk/words")


@bp.get("")
@allow(EDIT)
def index() -> str:
    """Every word of the city with the published procedures that use it, those that none uses, and those that come with Madoguchi."""
    words = [word for word in procedures.newest_words(db()) if word.entry is not None]
    using = procedures.city_words.titles_by_own_word(db())
    base, form = shipped(), ChooseWordForm(formdata=None)
    form.kind.choices = [
        ("facts", _("事実(どの手続きが要るかを決める問い)")),
        ("items", _("項目(どの手続きでも同じ質問)")),
    ]
    return render_template(
        "publishing/words.html",
        words=[(word, _says(word.kind, word.entry or {}), using.get((word.kind, word.name), [])) for word in words],
        unused=[word for word in words if (word.kind, word.name) not in using],
        base=[
            *(
                ("facts", name, fact.type, fact.question.ja if fact.question else "")
                for name, fact in base.facts.items()
            ),
            *(("items", name, item.type, item.label.ja) for name, item in base.items.items()),
        ],
        form=form,
        may_write=bool(_departments()),
        unfinished=unfinished(),
    )


@bp.get("/edit")
@allow(EDIT)
def edit() -> str:
    """One word: what it says, its history, and its text to be changed; the list where none is named.

    `number` takes an earlier state into the text.
    """
    if not request.args:
        return index()
    kind, name = _named(request.args)
    history = _history(kind, name)
    number = request.args.get("number", "")
    state = next((word for word in history if str(word.number) == number), history[0] if history else None)
    entry = state.entry if state is not None else _base_entry(kind, name)
    return _page(kind, name, history, _as_text(entry) if entry else _blank(kind))


@bp.post("/preview")
@allow(PUBLISH)
def preview() -> ResponseReturnValue:
    """What a change would mean. Nothing is stored."""
    form, kind, name = _posted()
    history = _history(kind, name)
    try:
        entry = procedures.city_words.read_entry(kind, name, form.content.data or "")
    except Invalid as error:
        return _page(kind, name, history, form.content.data or "", form, error=error), 422
    return _page(kind, name, history, form.content.data or "", form, shown=_says(kind, entry), entry=entry)


@bp.post("")
@allow(PUBLISH)
def save() -> ResponseReturnValue:
    """Put the previewed text in force."""
    form, kind, name = _posted()
    try:
        entry = procedures.city_words.read_entry(kind, name, form.content.data or "")
        _change(form, kind, name, entry)
    except (Invalid, Conflict) as error:
        page = _page(kind, name, _history(kind, name), form.content.data or "", form, error=error)
        return page, 409 if isinstance(error, Conflict) else 422
    return redirect(after_change(kind, name, url_for("words.edit", kind=kind, name=name)), 303)


@bp.post("/remove")
@allow(PUBLISH)
def remove() -> ResponseReturnValue:
    """Take a word out; one of the base says again what it said at first."""
    form, kind, name = _posted()
    history = _history(kind, name)
    if not history or history[0].entry is None:
        raise NotFound
    try:
        _change(form, kind, name, None)
    except (Invalid, Conflict) as error:
        return _page(kind, name, history, _as_text(history[0].entry), form, error=error), 409
    return redirect(after_change(kind, name, url_for("words.index")), 303)


def _change(form: WordForm, kind: WordKind, name: str, entry: Mapping[str, Any] | None) -> None:
    department = next((row for row in list_departments(db()) if row.key == form.department.data), None)
    if department is None:
        raise Invalid(_("担当の課を選んでください。"))
    history = _history(kind, name)
    for department_id in {department.id, *(word.department_id for word in history[:1])}:
        staff_member().require("procedure.publish", department_id)
    procedures.city_words.change_word(
        db(),
        kind,
        name,
        entry,
        department_id=department.id,
        actor=Actor("staff", staff_member().id, staff_member().name),
        expected_version=int(form.seen.data) if (form.seen.data or "").isdecimal() else 0,
        note=form.note.data or None,
    )


def _posted() -> tuple[WordForm, WordKind, str]:
    form = WordForm()
    form.department.choices = _departments()
    return form, *_named({"kind": form.kind.data or "", "name": form.name.data or ""})


def _named(values: Mapping[str, str]) -> tuple[WordKind, str]:
    """The kind and the name of a word. Raises NotFound for a kind that there is not."""
    kind: WordKind | None = next((known for known in ("facts", "items") if known == values.get("kind")), None)
    if kind is None:
        raise NotFound
    return kind, values.get("name", "").strip()[:130]


def _history(kind: WordKind, name: str) -> list[CityWord]:
    return list(procedures.city_words.word_history(db(), kind, name))


def _departments() -> list[tuple[str, str]]:
    return [
        (department.key, department.title["ja"])
        for department in list_departments(db())
        if staff_member().may("procedure.publish", department.id)
    ]


def _base_entry(kind: WordKind, name: str) -> dict[str, Any] | None:
    entry = getattr(shipped(), kind).get(name)
    return entry.model_dump(mode="json", exclude_defaults=True) if entry else None


def _says(kind: str, entry: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What people read of a word, by language."""
    made = getattr(vocabulary_of({kind: {"word": entry}}), kind)["word"]
    text = made.label if kind == "items" else made.question or made.label
    return list(text.root.items()) if text else []


def _as_text(entry: Mapping[str, Any]) -> str:
    out = io.StringIO()
    yaml = YAML()
    yaml.width = 4096
    yaml.dump(dict(entry), out)
    return out.getvalue()


def _blank(kind: WordKind) -> str:
    if kind == "facts":
        return "type: bool\nquestion:\n  ja: \n  ja-easy: \n  en: \n"
    return "type: text\nlabel:\n  ja: \n  ja-easy: \n  en: \n"


def _page(
    kind: WordKind,
    name: str,
    history: list[CityWord],
    content: str,
    form: WordForm | None = None,
    **more: Any,
) -> str:
    titles = {department.id: department for department in list_departments(db())}
    newest = history[0] if history else None
    department = titles[newest.department_id] if newest else None
    writing = WordForm(
        formdata=None,
        kind=kind,
        name=name,
        seen=form.seen.data if form else str(newest.number if newest else 0),
        department=form.department.data if form else department.key if department else "",
        content=content,
        note=form.note.data if form else "",
    )
    writing.department.choices = _departments()
    error = more.get("error")
    return render_template(
        "publishing/word.html",
        kind=kind,
        name=name,
        history=history,
        form=writing,
        is_base=_base_entry(kind, name) is not None,
        using=procedures.city_words.procedures_using(db(), kind, name),
        may_write=bool(writing.department.choices)
        and (department is None or staff_member().may("procedure.publish", department.id)),
        faults=error.fields if isinstance(error, Invalid) else {},
        latest=procedures.republications.latest_of(db(), kind, name),
        **{"error": None, "shown": None, "entry": None, **more},
    )

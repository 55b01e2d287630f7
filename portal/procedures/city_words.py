"""The shared words of the city: facts and items that departments keep beside those that come with Madoguchi.

A definition is published with the words that it uses. After a change every procedure that uses the word is published once more; a
word that a published procedure uses keeps its type and stays.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from sqlalchemy import cast, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session

from forms.catalogue.vocabulary import Vocabulary, shipped, vocabulary_of
from forms.definition.items import item_faults
from forms.evaluation.scope import CITY, RESERVED
from forms.evaluation.vocabulary_use import words_used
from forms.fields import FIELD_TYPES
from forms.routing import vocabulary_faults
from portal.core.clock import now
from portal.core.errors import Conflict, Invalid
from portal.core.events import Actor, Subject, record
from portal.core.locking import lock_rows
from portal.identity import belongings
from portal.procedures.definitions import definition_in
from portal.procedures.models import Procedure, ProcedureVersion
from portal.procedures.republishing import start
from portal.procedures.vocabulary import vocabulary_in_force
from portal.procedures.word_models import CityWord, WordKind

_FACT = re.compile(r"[a-z][a-z0-9_]{0,39}")
_ITEM = re.compile(r"[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,39}){0,2}")
_MAX_LENGTH = 10_000
_CHANGED = "ほかの職員が、この言葉を先に変えました。開き直して、内容を確かめてください。"
_NAMES = {"facts": "事実", "items": "項目"}


def word_history(session: Session, kind: str, name: str) -> Sequence[CityWord]:
    """Every state of a word, the newest first; nothing for one that the city never had."""
    query = select(CityWord).where(CityWord.kind == kind, CityWord.name == name).order_by(CityWord.number.desc())
    return session.scalars(query).all()


def titles_by_own_word(session: Session) -> dict[tuple[str, str], list[str]]:
    """The titles of the published procedures that use each of the city's own words, by kind and name: one statement for all words."""
    document = cast(ProcedureVersion.document, JSONB)
    query = (
        select(document["title"]["ja"].astext, document["vocabulary"])
        .join(Procedure, Procedure.current_version_id == ProcedureVersion.id)
        .where(document.has_key("vocabulary"))
        .order_by(Procedure.sort, Procedure.id)
    )
    titles: dict[tuple[str, str], list[str]] = {}
    for title, vocabulary in session.execute(query):
        for kind, entries in (vocabulary or {}).items():
            for name in entries:
                titles.setdefault((kind, name), []).append(title)
    return titles


def procedures_using(session: Session, kind: str, name: str) -> list[tuple[str, ProcedureVersion]]:
    """The published versions that use a word, with their titles.

    Versions say which words of the city they were published with; whether they use one of the base, their definitions tell.
    """
    query = (
        select(ProcedureVersion)
        .join(Procedure, Procedure.current_version_id == ProcedureVersion.id)
        .order_by(Procedure.sort, Procedure.id)
    )
    if name in getattr(vocabulary_in_force(session), f"own_{kind}"):
        query = query.where(cast(ProcedureVersion.document, JSONB)["vocabulary"][kind].has_key(name))
        using = list(session.scalars(query))
    else:
        using = [version for version in session.scalars(query) if name in words_used(definition_in(session, version))]
    return [(version.document["title"]["ja"], version) for version in using]


def read_entry(kind: WordKind, name: str, text: str) -> dict[str, Any]:
    """One entry written in YAML as plain data. Raises Invalid with what is wrong, by setting."""
    pattern = _FACT if kind == "facts" else _ITEM
    if not pattern.fullmatch(name):
        parts = "・ピリオド" if kind == "items" else ""
        raise Invalid(
            "名前を直してください。",
            {"name": f"半角の小文字・数字・下線{parts}で、英字から始めてください(例：{_example(kind)})。"},
        )
    if name in RESERVED or name == CITY:
        raise Invalid("名前を直してください。", {"name": f"「{name}」は式の言葉なので使えません。"})
    try:
        entry = YAML(typ="safe").load(text) if len(text) <= _MAX_LENGTH else None
    except YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise Invalid(
            "内容を読み取れませんでした。", {"content": f"{line}行目の書きかたを確かめてください。"}
        ) from None
    if not isinstance(entry, dict):
        raise Invalid(
            "内容を読み取れませんでした。", {"content": "「type: bool」のように、設定の名前と値を書いてください。"}
        )
    if kind == "items" and entry.get("type") not in FIELD_TYPES:
        types = "、".join(FIELD_TYPES)
        raise Invalid(
            "内容を直してください。",
            {"content": f"type: 「{entry.get('type')}」という質問の型はありません。使えるのは {types} です。"},
        )
    try:
        made = vocabulary_of({kind: {name: entry}})
    except (ValidationError, ValueError) as error:
        raise Invalid("内容を直してください。", {"content": _reasons(error)}) from None
    if kind == "items" and (item_errors := item_faults(made.items[name])):
        raise Invalid("内容を直してください。", {"content": "\n".join(map(_reason, item_errors))})
    written: dict[str, Any] = made.own({name})[kind][name]
    return written


def change_word(
    session: Session,
    kind: WordKind,
    name: str,
    entry: Mapping[str, Any] | None,
    *,
    department_id: int,
    actor: Actor,
    expected_version: int,
    note: str | None = None,
) -> CityWord:
    """Put a word in the place of what it said, or take it out (no entry); the worker publishes what uses it with the new words.

    `expected_version` is the state that its author saw, 0 for none. Raises Conflict when somebody changed it since or a published procedure
    forbids the change.
    """
    states = lock_rows(session, CityWord, CityWord.kind == kind, CityWord.name == name, order_by=[CityWord.id.asc()])
    number = states[-1].number if states else 0
    if number != expected_version:
        raise Conflict(_CHANGED)
    before = vocabulary_in_force(session)
    using = procedures_using(session, kind, name)
    _refuse_what_breaks(kind, name, entry, before, [title for title, _version in using])
    values = {
        "kind": kind,
        "name": name,
        "number": number + 1,
        "department_id": department_id,
        "entry": dict(entry) if entry is not None else None,
        "note": note,
        "staff_id": actor.id,
        "changed_at": now(),
    }
    word: CityWord | None = session.scalar(insert(CityWord).values(values).on_conflict_do_nothing().returning(CityWord))
    if word is None:  # two people make the same word at the same moment
        raise Conflict(_CHANGED)
    _refuse_broken_facts(vocabulary_in_force(session))
    reason = f"共通の{_NAMES[kind]}「{name}」の第{word.number}版"
    start(session, kind, name, reason, using, department_id=department_id, actor=actor)
    record(
        session,
        Subject("word", word.id),
        "word.changed" if entry is not None else "word.removed",
        actor,
        kind=kind,
        name=name,
        number=word.number,
        procedures=len(using),
    )
    return word


def _refuse_what_breaks(
    kind: WordKind, name: str, entry: Mapping[str, Any] | None, before: Vocabulary, using: Sequence[str]
) -> None:
    """A word keeps its type, and stays, where the base or a published procedure relies on it."""
    base = getattr(shipped(), kind).get(name)
    known = base or getattr(before, kind).get(name)
    if entry is None:
        if using and base is None:
            raise Conflict(f"公開中の手続きが使っているので、消せません：{'、'.join(using)}")
        return
    if known is not None and entry["type"] != known.type and (base is not None or using):
        who = f"公開中の手続き({'、'.join(using)})" if using else "はじめからある言葉"
        raise Conflict(f"「{name}」の型は {known.type} です。{who}が使っているので、型は変えられません。")
    options = set(entry.get("options", {}))
    if (using or base is not None) and kind == "facts" and known is not None and not set(known.options) <= options:
        lacking = "、".join(sorted(set(known.options) - options))
        raise Conflict(f"選択肢 {lacking} を使う手続きがあるので、消せません。")


def _refuse_broken_facts(vocabulary: Vocabulary) -> None:
    """Facts speak of other facts and of items: those must be there, and lead nowhere in a circle. Raises Invalid."""
    for name, fault in vocabulary_faults(vocabulary.facts, vocabulary.items).items():
        raise Invalid("事実の言葉が、たがいに合いません。", {"content": f"事実「{name}」の {fault}"})


def _reasons(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    return "\n".join(_reason(fault, fault["loc"][2:]) for fault in error.errors(include_url=False))


def _reason(fault: ErrorDetails | str, where: tuple[int | str, ...] = ()) -> str:
    if isinstance(fault, str):
        return fault
    return f"{'.'.join(map(str, where or fault['loc']))}: {_plain(fault)}".lstrip(": ")


def _plain(fault: Any) -> str:
    match fault["type"]:
        case "missing":
            return "この設定を書いてください。"
        case "extra_forbidden":
            return "この設定はありません。つづりを確かめてください。"
        case "literal_error":
            return f"使えるのは {fault['ctx']['expected']} です。"
        case "value_error":
            return str(fault["ctx"]["error"])
    return "書きかたを確かめてください。"


def _example(kind: WordKind) -> str:
    return "keeps_bees" if kind == "facts" else "farm.plot_number"


belongings.declare_owned("word", CityWord.department_id)

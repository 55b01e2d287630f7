"""Facts and items of a city's own: written after a look at what changes, published with what uses them, kept while they are used."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.core.database import city_session
from portal.core.events import Event
from portal.procedures import actions, definition_of, queries, vocabulary_in_force
from portal.procedures.models import Procedure, ProcedureVersion
from portal.procedures.word_models import CityWord
from tests.integration.publishing.conftest import CITY, Makers
from tests.kit.jobs import work

BEES = "type: bool\nquestion: {ja: みつばちを飼っていますか。, en: Do you keep bees?}\n"
PLOT = "type: integer\nlabel: {ja: 区画番号, en: Plot number}\n"
DEFINITION: dict[str, Any] = {
    "procedure": "bee-keeping",
    "kind": "notification",
    "title": {"ja": "蜜蜂飼育届"},
    "department": "environment",
    "routing": {"life_events": ["business"], "applies_when": "keeps_bees"},
    "steps": [
        {
            "id": "first",
            "title": {"ja": "場所"},
            "fields": [{"id": "plot", "type": "integer", "item": "farm.plot_number"}],
        }
    ],
    "workflow": {"preset": "notification"},
}


@pytest.fixture
def words(makers: Makers) -> Iterator[Makers]:
    yield makers
    with city_session(CITY) as session:
        procedure = session.scalar(select(Procedure).where(Procedure.key == "bee-keeping"))
        if procedure is not None:
            procedure.current_version_id = None
        session.execute(delete(CityWord))


def form(kind: str, name: str, content: str, expected_version: int = 0, **more: str) -> dict[str, str]:
    return {
        "kind": kind,
        "name": name,
        "content": content,
        "seen": str(expected_version),
        "department": "environment",
        **more,
    }


def question_of(session: Session) -> str:
    question = vocabulary_in_force(session).facts["has_dog"].question
    assert question is not None
    return question.ja


def published(makers: Makers) -> None:
    """The city's words, and a procedure that uses them."""
    for kind, name, content in (("facts", "keeps_bees", BEES), ("items", "farm.plot_number", PLOT)):
        assert makers.publisher.post("/desk/words", form(kind, name, content)).status_code == 303
    with city_session(CITY) as session:
        procedure = session.scalar(select(Procedure).where(Procedure.key == "bee-keeping"))
        procedure = procedure or actions.create_procedure(session, "bee-keeping", "environment")
        actions.save_draft(session, procedure, json.dumps(DEFINITION, ensure_ascii=False), None)
        actions.publish(session, procedure, None)


def test_a_word_is_written_after_a_look_at_what_changes(words: Makers) -> None:
    page = words.publisher.get("/desk/words/edit?kind=facts&name=keeps_bees").text
    assert "type: bool" in page
    shown = words.publisher.post("/desk/words/preview", form("facts", "keeps_bees", BEES))
    assert shown.status_code == 200
    assert "Do you keep bees?" in shown.text
    with city_session(CITY) as session:
        assert "keeps_bees" not in vocabulary_in_force(session).facts
    assert words.publisher.post("/desk/words", form("facts", "keeps_bees", BEES)).status_code == 303
    assert "keeps_bees" in words.publisher.get("/desk/words").text
    with city_session(CITY) as session:
        assert list(vocabulary_in_force(session).facts)[-1] == "keeps_bees"
        assert [
            event.data["name"]
            for event in session.scalars(select(Event).where(Event.name == "word.changed").order_by(Event.id))
        ][-1:] == ["keeps_bees"]


def test_what_uses_a_word_is_published_again_with_it_and_keeps_it_from_going(words: Makers) -> None:
    published(words)
    with city_session(CITY) as session:
        before = queries.procedure(session, "bee-keeping").current_version_id
    assert "蜜蜂飼育届" in words.publisher.get("/desk/words").text
    other = PLOT.replace("区画番号", "畑の番号")
    assert words.publisher.post("/desk/words", form("items", "farm.plot_number", other, 1)).status_code == 303
    work(CITY)
    with city_session(CITY) as session:
        after = queries.procedure(session, "bee-keeping").current_version_id
        labels = [definition_of(session, version).fields["plot"].label_in("ja") for version in (before, after)]
        assert labels == ["区画番号", "畑の番号"]
    typed = words.publisher.post("/desk/words", form("items", "farm.plot_number", "type: text\nlabel: {ja: 番号}", 2))
    assert (typed.status_code, "型は変えられません" in typed.text) == (409, True)
    gone = words.publisher.post("/desk/words/remove", form("facts", "keeps_bees", "", 1))
    assert (gone.status_code, "蜜蜂飼育届" in gone.text) == (409, True)
    late = words.publisher.post("/desk/words", form("items", "farm.plot_number", PLOT, 1))
    assert late.status_code == 409
    history = words.publisher.get("/desk/words/edit?kind=items&name=farm.plot_number&number=1").text
    assert "区画番号" in history
    assert "第2版" in history


def test_words_that_no_published_procedure_uses_are_listed_as_such(words: Makers) -> None:
    published(words)
    page = words.publisher.get("/desk/words").text
    assert "蜜蜂飼育届" in page
    assert 'id="unused"' not in page
    goats = BEES.replace("みつばち", "やぎ").replace("bees", "goats")
    assert words.publisher.post("/desk/words", form("facts", "keeps_goats", goats)).status_code == 303
    unused = words.publisher.get("/desk/words").text.partition('id="unused"')[2].partition("</section>")[0]
    assert "keeps_goats" in unused
    assert "keeps_bees" not in unused
    assert words.publisher.post("/desk/words/remove", form("facts", "keeps_goats", "", 1)).status_code == 303
    assert 'id="unused"' not in words.publisher.get("/desk/words").text


def test_a_draft_is_checked_with_the_words_in_force(words: Makers) -> None:
    source = json.dumps({**DEFINITION, "procedure": "dog-registration"}, ensure_ascii=False)
    check = "/desk/procedures/dog-registration/check"
    assert "「farm.plot_number」という共通の項目は" in words.publisher.post(check, {"draft-source": source}).text
    published(words)
    page = words.publisher.post(check, {"draft-source": source}).text
    assert "farm.plot_number" not in page or "という共通の項目は" not in page


def test_a_word_of_the_base_can_be_worded_anew_and_says_again_what_it_did(words: Makers) -> None:
    own = "type: bool\nquestion: {ja: 犬と暮らしていますか。}\n"
    assert (
        words.publisher.post("/desk/words", form("facts", "has_dog", "type: date\nquestion: {ja: い}")).status_code
        == 409
    )
    assert "使っている手続き：犬の登録" in words.publisher.get("/desk/words/edit?kind=facts&name=has_dog").text
    assert words.publisher.post("/desk/words", form("facts", "has_dog", own, note="市の言い方")).status_code == 303
    work(CITY)
    with city_session(CITY) as session:
        assert question_of(session) == "犬と暮らしていますか。"
        version = session.get_one(ProcedureVersion, queries.procedure(session, "dog-registration").current_version_id)
        assert version.document["vocabulary"]["facts"]["has_dog"]["question"]["ja"] == "犬と暮らしていますか。"
    assert words.publisher.post("/desk/words/remove", form("facts", "has_dog", "", 1)).status_code == 303
    with city_session(CITY) as session:
        assert question_of(session) != "犬と暮らしていますか。"
    assert "市の言い方" in words.publisher.get("/desk/words/edit?kind=facts&name=has_dog").text


@pytest.mark.parametrize(
    ("kind", "name", "content", "reason"),
    [
        ("facts", "Keeps Bees", BEES, "半角の小文字"),
        ("facts", "true", BEES, "式の言葉"),
        ("facts", "a", "type: [", "行目の書きかた"),
        ("facts", "a", "x", "設定の名前と値"),
        ("facts", "a", "type: bool", "question"),
        ("facts", "a", "type: bool\nquestoin: {ja: い}", "この設定はありません"),
        ("items", "a.b", "type: nothing\nlabel: {ja: い}", "質問の型はありません"),
        ("items", "a.b", "type: text", "この設定を書いてください"),
    ],
)
def test_faults_are_named(words: Makers, kind: str, name: str, content: str, reason: str) -> None:
    refused = words.publisher.post("/desk/words/preview", form(kind, name, content))
    assert refused.status_code == 422
    assert reason in refused.text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (BEES + "asked_when: keeps_hives\n", "keeps_hives"),
        (BEES + "asked_when: keeps_bees\n", "keeps_bees → keeps_bees"),
        ("type: place\nquestion: {ja: みつばちはどこですか。}\nfills: farm.home\n", "farm.home"),
    ],
)
def test_a_fact_that_speaks_of_what_is_not_there_is_refused(words: Makers, content: str, reason: str) -> None:
    refused = words.publisher.post("/desk/words", form("facts", "keeps_bees", content))
    assert (refused.status_code, reason in refused.text) == (422, True)


def test_only_publishers_of_the_department_change_words(words: Makers) -> None:
    assert words.stranger.post("/desk/words", form("facts", "keeps_bees", BEES)).status_code == 403
    assert words.editor.post("/desk/words", form("facts", "keeps_bees", BEES)).status_code == 403
    assert words.editor.get("/desk/words").status_code == 200
    assert words.publisher.get("/desk/words/edit?kind=other&name=x").status_code == 404

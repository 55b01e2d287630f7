"""Publishing again what uses a changed word: by the worker, procedure by procedure, to be followed, tried again and undone."""

import json
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.core.database import city_session
from portal.core.events import SYSTEM
from portal.identity import list_departments
from portal.procedures import actions, city_words, definition_of, queries, republishing
from portal.procedures.models import Procedure
from portal.procedures.republication_models import Republication, RepublishedProcedure
from portal.procedures.word_models import CityWord
from tests.integration.publishing.conftest import CITY, Makers
from tests.kit.jobs import forget_jobs, waiting, work

NAME = "meadow.size"
KEYS = ("first-meadow", "second-meadow", "third-meadow")


def definition(key: str) -> str:
    size = {"id": "size", "type": "integer", "item": NAME}
    document: dict[str, Any] = {
        "procedure": key,
        "kind": "notification",
        "title": {"ja": f"{key}の届出"},
        "department": "environment",
        "steps": [{"id": "one", "title": {"ja": "広さ"}, "fields": [size]}],
        "workflow": {"preset": "notification"},
    }
    return json.dumps(document, ensure_ascii=False)


def reword(label: str, expected_version: int) -> None:
    with city_session(CITY) as session:
        entry = {"type": "integer", "label": {"ja": label}}
        department = next(row.id for row in list_departments(session) if row.key == "environment")
        city_words.change_word(
            session, "items", NAME, entry, department_id=department, actor=SYSTEM, expected_version=expected_version
        )


def labels() -> list[str]:
    """What the published procedures call the question."""
    with city_session(CITY) as session:
        versions = [queries.procedure(session, key).current_version_id for key in KEYS]
        return [definition_of(session, version).fields["size"].label_in("ja") for version in versions if version]


def versions(session: Session) -> list[int]:
    return [len(queries.versions(session, queries.procedure(session, key).id)) for key in KEYS]


@pytest.fixture
def meadows(makers: Makers) -> Iterator[Makers]:
    """Three procedures that use a word, which the city has reworded once; its publishing waits."""
    forget_jobs(CITY)
    reword("広さ", 0)
    with city_session(CITY) as session:
        for key in KEYS:
            procedure = session.scalar(select(Procedure).where(Procedure.key == key))
            procedure = procedure or actions.create_procedure(session, key, "environment")
            actions.save_draft(session, procedure, definition(key), None)
            actions.publish(session, procedure, None)
    reword("面積", 1)
    yield makers
    forget_jobs(CITY)
    with city_session(CITY) as session:
        for procedure in session.scalars(select(Procedure).where(Procedure.key.in_(KEYS))):
            procedure.current_version_id = None
        for table in (RepublishedProcedure, Republication, CityWord):
            session.execute(delete(table))


def latest() -> str:
    with city_session(CITY) as session:
        number = session.scalar(select(Republication.id).order_by(Republication.id.desc()).limit(1))
    return f"/desk/republications/{number}"


def test_each_procedure_keeps_its_version_until_its_turn_and_the_page_says_how_far_it_is(meadows: Makers) -> None:
    assert labels() == ["広さ"] * 3
    page = meadows.publisher.get(latest()).text
    assert "3件の手続きのうち、0件が終わりました" in page
    assert 'hx-trigger="load delay:2s"' in page
    assert "終わっていない公開" in meadows.publisher.get("/desk/words").text
    assert work(CITY) == ["procedures.republish"]
    assert labels() == ["面積"] * 3
    page = meadows.publisher.get(latest()).text
    assert "すべて終わりました" in page
    assert "hx-trigger" not in page.partition("<main")[2]
    assert latest() not in meadows.publisher.get("/desk/words").text
    with city_session(CITY) as session:
        newest = queries.published_versions(session, queries.procedure(session, KEYS[0]).id)[0]
    assert newest.note == f"共通の項目「{NAME}」の第2版"


def test_a_worker_that_died_goes_on_where_it_was_and_nothing_is_published_twice(
    meadows: Makers, monkeypatch: pytest.MonkeyPatch
) -> None:
    again, turns = republishing._republish, iter(range(9))

    def dying(*arguments: Any) -> None:
        if next(turns) == 1:
            raise KeyboardInterrupt
        again(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(republishing, "_republish", dying)
        with pytest.raises(KeyboardInterrupt):
            work(CITY)
    assert labels() == ["面積", "広さ", "広さ"]
    number = int(latest().rpartition("/")[2])
    with city_session(CITY) as session:
        before = versions(session)
    workers = [Thread(target=republishing.republish, args=(CITY, number)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert labels() == ["面積"] * 3
    with city_session(CITY) as session:
        assert [after - count for after, count in zip(versions(session), before, strict=True)] == [0, 1, 1]


def test_what_could_not_be_published_is_named_with_its_reason_and_tried_again(
    meadows: Makers, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = iter(["12行目 steps.0: 文がありません。 書いてください。"])
    with monkeypatch.context() as patched:
        patched.setattr(republishing, "fault_of", lambda *_: next(turns, ""))
        work(CITY)
    assert labels() == ["広さ", "面積", "面積"]
    page = meadows.publisher.get(latest()).text
    for sentence in ("1件は公開できませんでした", f"{KEYS[0]}の届出", "12行目", "もう一度"):
        assert sentence in page
    assert meadows.stranger.post(f"{latest()}/retry").status_code == 403
    assert "もう一度</button>" not in meadows.stranger.get(latest()).text
    assert meadows.publisher.post(f"{latest()}/retry").status_code == 303
    work(CITY)
    assert labels() == ["面積"] * 3


def test_trouble_with_one_keeps_no_other_from_being_published(meadows: Makers, monkeypatch: pytest.MonkeyPatch) -> None:
    again, turns = republishing._republish, iter(range(9))

    def failing(*arguments: Any) -> None:
        if next(turns) == 0:
            raise RuntimeError
        again(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(republishing, "_republish", failing)
        work(CITY)
    assert labels() == ["広さ", "面積", "面積"]
    assert "思わぬ不具合" in meadows.publisher.get(latest()).text


def test_a_later_change_takes_over_what_an_earlier_one_has_not_published(meadows: Makers) -> None:
    earlier = latest()
    reword("広さ", 2)  # taken back before the worker came
    assert "あとの変更で公開します" in meadows.publisher.get(earlier).text
    with city_session(CITY) as session:
        before = versions(session)
    assert waiting(CITY) == ["procedures.republish"] * 2
    work(CITY)
    assert "変わるところがありません" in meadows.publisher.get(latest()).text
    with city_session(CITY) as session:
        assert versions(session) == before, "nothing is published that says the same"

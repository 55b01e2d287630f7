"""From 日野市 to 三鷹市: with consent exactly what was named crosses, once, to the same person; without it, nothing does."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from forms import load
from portal.cases.jobs import settle_handovers
from portal.cases.models import Case, Draft
from portal.cases.moves import apply_transition
from portal.core.clock import now, today
from portal.core.database import city_session, owner_engine
from portal.core.events import Actor, Event
from portal.procedures import actions as procedures
from portal.procedures.models import Procedure
from tests.kit.browser import Browser
from tests.kit.catalogue import shipped_source
from tests.kit.city import begin, inhabited, send
from tests.kit.sweep import sweep

HERE, THERE, ELSEWHERE = "hino", "mitaka", "tachikawa"
OWNER = "misaki@example.jp"
OLD = {"postal_code": "1910016", "prefecture": "東京都", "city": "日野市", "town": "神明", "block": "1-12-1"}
NEW = {"postal_code": "1810013", "prefecture": "東京都", "city": "三鷹市", "town": "下連雀", "block": "3-35-1"}
CITIES = {"三鷹市": NEW, "八王子市": NEW | {"city": "八王子市"}}
EVERY = frozenset({"clerk", "decider"})


@pytest.fixture(scope="module")
def cities(database: None) -> Iterator[None]:
    """日野市 with a notification of moving out, 三鷹市 with one of moving in, 立川市 with nothing."""
    with inhabited([HERE, THERE], ["moving-in", "moving-out"]):
        sweep(ELSEWHERE)
        yield
        sweep(ELSEWHERE)
        _forget_handovers()


@pytest.fixture
def leaver(app: Flask, cities: None) -> Browser:
    """Somebody signed in in 日野市."""
    _forget_handovers()
    return Browser(app, HERE).sign_in(OWNER)


@pytest.fixture
def left(leaver: Browser) -> str:
    """The id of their notification of moving out to 三鷹市, done."""
    return moved_out()


def _forget_handovers() -> None:
    with owner_engine().begin() as connection:
        connection.exec_driver_sql("DELETE FROM shared.handover")


def moved_out(city: str = "三鷹市", *, done: bool = True) -> str:
    known = load(shipped_source("moving-out")).examples[0].answers
    answers = {**known, "moved_on": str(today()), "old_address": OLD, "new_address": CITIES[city]}
    answers |= {"has_my_number_card": False, "send_to": "old"}
    with city_session(HERE) as session:
        case = send(session, begin(session, "moving-out", answers, _account(session)))
        for move in ("accept", "complete") if done else ():
            apply_transition(session, case.id, move, Actor("staff", None), roles=EVERY)
        return case.public_id


def _account(session: Session) -> int:
    from portal.identity.resident_accounts import sign_in_account

    return sign_in_account(session, OWNER, "ja")


def agree(leaver: Browser, case: str) -> str:
    """Consent to handing over; the id of the handover."""
    assert leaver.submit(f"/me/cases/{case}/handover").status_code == 303
    return rows(HERE, "SELECT public_id FROM handover")[-1]


def rows(city: str, query: str) -> list[str]:
    """What the role of a city finds in the schema that all share."""
    with city_session(city) as session:
        return [str(value) for value in session.scalars(text(query))]


def events(city: str, name: str) -> list[Event]:
    with city_session(city) as session:
        return list(session.scalars(select(Event).where(Event.name == name).order_by(Event.id)))


def test_without_consent_nothing_crosses(leaver: Browser, left: str, app: Flask) -> None:
    page = leaver.get(f"/me/cases/{left}").text
    assert "次は、三鷹市の手続きです" in page
    consent = leaver.get(f"/me/cases/{left}/handover").text
    assert "三鷹市に渡すことに同意する" in consent
    assert "佐藤 美咲" in consent
    assert "転出証明書" not in consent  # not among the items that the definition names
    for city in (HERE, THERE, ELSEWHERE):
        assert rows(city, "SELECT id FROM handover") == []
        assert rows(city, "SELECT handover_id FROM handover_content") == []
    with owner_engine().connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM shared.handover")) == 0
    assert "引き継げる内容はありません" in Browser(app, THERE).sign_in(OWNER).get("/me/handovers").text


def test_with_consent_the_form_there_is_filled_in_and_both_cities_know(leaver: Browser, left: str, app: Flask) -> None:
    agree(leaver, left)
    assert "三鷹市に引き継いでいます" in leaver.get(f"/me/cases/{left}/handover").text
    newcomer = Browser(app, THERE).sign_in(OWNER)
    offered = newcomer.get("/me/handovers").text
    assert "日野市から引き継いだ内容が、はじめから入ります。" in offered
    handover = rows(THERE, "SELECT public_id FROM handover")[0]
    begun = newcomer.post(f"/me/handovers/{handover}/begin")
    assert begun.status_code == 303
    application = newcomer.get(begun.location).location.rpartition("/")[0]
    pages = "".join(newcomer.get(f"{application}/{step}").text for step in ("move", "applicant", "people"))
    for value in ('value="佐藤"', 'value="090-1234-5678"', 'value="181-0013"', 'value="191-0016"'):
        assert value in pages
    assert pages.count('value="美咲"') == 3  # the applicant, the head of the household, the first who moves
    assert pages.count("日野市の「転出届」から(") == 8
    (taken,) = events(THERE, "handover.taken")
    assert taken.data["city"] == HERE
    assert taken.data["items"] == sorted(load(shipped_source("moving-out")).hands_over[0].items)
    assert "ほかの市から引き継ぎました" in newcomer.get("/me/profile").text
    assert "From “Notification of moving out” of Hino" in newcomer.get(f"{application}/move?lang=en").text
    assert newcomer.post(f"/me/handovers/{handover}/begin").status_code == 404
    assert rows(THERE, "SELECT handover_id FROM handover_content") == []
    settle_handovers()
    (used,) = events(HERE, "case.handover_used")
    assert used.data == {"city": THERE}
    history = leaver.get(f"/me/cases/{left}").text
    assert "ほかの市に渡すことに同意しました" in history
    assert "渡した内容が、ほかの市の手続きに使われました" in history
    assert rows(HERE, "SELECT id FROM handover") == []


def test_the_database_shows_a_handover_to_its_two_cities_and_the_content_to_one(leaver: Browser, left: str) -> None:
    agree(leaver, left)
    assert len(rows(HERE, "SELECT id FROM handover")) == len(rows(THERE, "SELECT id FROM handover")) == 1
    assert rows(ELSEWHERE, "SELECT id FROM handover") == []
    content = "SELECT content::text FROM handover_content"
    assert rows(HERE, content) == rows(ELSEWHERE, content) == []
    (sealed,) = rows(THERE, content)
    assert "佐藤".encode().hex() not in sealed
    for city in (THERE, ELSEWHERE):
        with city_session(city) as session:
            assert session.execute(text("DELETE FROM handover")).rowcount == 0
    with pytest.raises(Exception, match="row-level security"), city_session(ELSEWHERE) as session:
        session.execute(
            text(
                "INSERT INTO handover (public_id, source_city, target_city, case_id, procedure_key, person, items, created_at,"
                " expires_at) VALUES ('x', 'hino', 'tachikawa', 1, 'moving-in', '', '{}', now(), now())"
            )
        )


def test_another_person_gets_nothing(leaver: Browser, left: str, app: Flask) -> None:
    handover = agree(leaver, left)
    other = Browser(app, THERE).sign_in("somebody-else@example.jp")
    assert "引き継げる内容はありません" in other.get("/me/handovers").text
    assert other.post(f"/me/handovers/{handover}/begin").status_code == 404
    assert Browser(app, THERE).get("/me/handovers").status_code == 303
    neighbour = Browser(app, HERE).sign_in("somebody-else@example.jp")
    assert neighbour.get(f"/me/cases/{left}/handover").status_code == 404
    elsewhere = Browser(app, ELSEWHERE).sign_in(OWNER)
    assert elsewhere.post(f"/me/handovers/{handover}/begin").status_code == 404


def test_it_is_taken_back_and_ends_by_itself(leaver: Browser, left: str, app: Flask) -> None:
    handover = agree(leaver, left)
    assert leaver.post(f"/me/cases/{left}/handover").status_code == 409
    assert leaver.submit(f"/me/cases/{left}/handover/revoke", f"/me/cases/{left}/handover").status_code == 303
    newcomer = Browser(app, THERE).sign_in(OWNER)
    newcomer.get("/me/handovers")
    assert newcomer.post(f"/me/handovers/{handover}/begin").status_code == 404
    with owner_engine().connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM shared.handover_content")) == 0
    assert leaver.post(f"/me/cases/{left}/handover/revoke").status_code == 409

    later = agree(leaver, left)
    with owner_engine().begin() as connection:
        connection.execute(text("UPDATE shared.handover SET expires_at = :at"), {"at": now() - timedelta(minutes=1)})
    assert newcomer.post(f"/me/handovers/{later}/begin").status_code == 404
    settle_handovers()
    assert rows(HERE, "SELECT id FROM handover") == []
    with owner_engine().connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM shared.handover_content")) == 0
    assert events(HERE, "case.handover_ended")


def test_nothing_is_offered_before_the_decision_nor_towards_a_city_that_is_not_here(leaver: Browser) -> None:
    for case in (moved_out(done=False), moved_out("八王子市")):
        assert "の手続きです" not in leaver.get(f"/me/cases/{case}").text
        assert leaver.get(f"/me/cases/{case}/handover").status_code == 404
        assert leaver.post(f"/me/cases/{case}/handover").status_code == 409


def test_a_city_that_offers_no_such_procedure_is_offered_nothing(leaver: Browser, left: str) -> None:
    with city_session(THERE) as session:
        procedures.close_procedure(session, moving_in(session))
    try:
        assert leaver.get(f"/me/cases/{left}/handover").status_code == 404
    finally:
        with city_session(THERE) as session:
            procedures.reopen_procedure(session, moving_in(session))


def test_a_plan_of_moving_out_says_which_cities_take_what_before_anybody_agrees(leaver: Browser) -> None:
    leaver.get("/life/moving")
    leaver.post("/plan/begin/moving")
    leaver.get("/plan/question")
    leaver.post("/plan/question", {"fact": "move_kind", "move_kind": "out"})
    plan = leaver.get("/plan").text
    assert "引っ越し先が三鷹市のときは" in plan  # 立川市 takes nothing
    assert "新しい住所" in plan
    assert "いつでも取り消せます" in plan
    assert "If you move to Mitaka" in leaver.get("/plan?lang=en").text
    with owner_engine().connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM shared.handover")) == 0


def moving_in(session: Session) -> Procedure:
    return session.scalars(select(Procedure).where(Procedure.key == "moving-in")).one()


def test_what_was_taken_is_a_draft_of_that_account(leaver: Browser, left: str, app: Flask) -> None:
    handover = agree(leaver, left)
    newcomer = Browser(app, THERE).sign_in(OWNER)
    newcomer.get("/me/handovers")
    assert newcomer.post(f"/me/handovers/{handover}/begin").status_code == 303
    with city_session(THERE) as session:
        draft = session.scalars(select(Draft).order_by(Draft.id.desc()).limit(1)).one()
        assert draft.carried["new_address"]["city"] == HERE
        assert session.scalars(select(Case)).all() == []

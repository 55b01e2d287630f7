"""What residents look for and do not find is counted, a department gives it a meaning, and it is found."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, select

from portal.core.database import city_session
from portal.core.events import Event
from portal.search import SearchSynonym, UnfoundQuery
from tests.integration.publishing.conftest import CITY, Makers

UNKNOWN = "ぷろぺら券"


@pytest.fixture
def words(makers: Makers) -> Iterator[Makers]:
    yield makers
    with city_session(CITY) as session:
        session.execute(delete(SearchSynonym))
        session.execute(delete(UnfoundQuery))


def test_what_is_not_found_is_counted_and_given_a_meaning(words: Makers) -> None:
    for _time in range(2):
        page = words.resident.get(f"/procedures?q={UNKNOWN}")
        assert "職員が、いっしょにさがします" in page.text
    listed = words.publisher.get("/desk/search").text
    assert UNKNOWN in listed
    with city_session(CITY) as session:
        assert session.scalar(select(UnfoundQuery.times).where(UnfoundQuery.words == UNKNOWN)) == 2
    assert words.publisher.post("/desk/search/synonyms", {"words": f"{UNKNOWN}、犬の登録"}).status_code == 303
    assert "/procedures/dog-registration" in words.resident.get(f"/procedures?q={UNKNOWN}").text
    assert words.publisher.post("/desk/search/unfound/remove", {"words": "ごみ\0"}).status_code == 303
    assert words.publisher.post("/desk/search/unfound/remove", {"words": UNKNOWN}).status_code == 303
    assert words.publisher.post("/desk/search/synonyms", {"words": "\0、くず"}).status_code == 422
    with city_session(CITY) as session:
        assert session.get(UnfoundQuery, UNKNOWN) is None
        group = session.scalars(select(SearchSynonym)).one()
        assert (
            session.scalar(select(Event.name).where(Event.subject_kind == "synonyms").order_by(Event.id.desc()))
            == "synonyms.added"
        )
    page = words.publisher.get(f"/desk/search/synonyms/{group.id}").text
    assert f"{UNKNOWN}、犬の登録" in page
    assert (
        words.publisher.post("/desk/search/synonyms", {"id": str(group.id), "words": "てすと、犬の登録"}).status_code
        == 303
    )
    assert words.publisher.post("/desk/search/synonyms/remove", {"id": str(group.id)}).status_code == 303
    assert words.publisher.post("/desk/search/synonyms/remove", {"id": str(group.id)}).status_code == 404


def test_who_searches_by_a_name_or_number_leaves_nothing(words: Makers) -> None:
    for query in ("佐藤 美咲", "090-1234-5678"):
        assert words.resident.get("/procedures", query_string={"q": query}).status_code == 200
    with city_session(CITY) as session:
        assert session.scalars(select(UnfoundQuery.words)).all() == []


@pytest.mark.parametrize("typed", ["", "ひとつ", "、".join(f"言葉{n}" for n in range(40)), f"犬、{'あ' * 50}"])
def test_a_group_that_is_none_comes_back_with_what_was_typed(words: Makers, typed: str) -> None:
    page = words.publisher.post("/desk/search/synonyms", {"words": typed})
    assert page.status_code == 422
    assert typed in page.text


def test_a_search_is_answered_where_something_is_asked(words: Makers) -> None:
    page = words.resident.get("/procedures?q=犬の登録 料金").text
    assert "「犬の登録」の料金は、いくらですか" in page


def test_suggestions_are_titles_with_where_they_lead(words: Makers) -> None:
    answer = words.resident.get("/procedures/suggestions?q=いぬ").json
    assert {"title": "犬の登録", "note": "", "href": "/procedures/dog-registration"} in answer["suggestions"]
    assert answer["status"] == f"候補が{len(answer['suggestions'])}件あります。上下の矢印キーで選べます。"
    assert words.resident.get("/procedures/suggestions?q=い").json == {"suggestions": [], "status": ""}
    moving = words.resident.get("/procedures/suggestions?q=引っ越し").json["suggestions"]
    assert {"title": "引越し", "note": "くらしの場面", "href": "/life/moving"} in moving

"""A department writes news: a draft that nobody sees, a look at it, days on which everybody sees it, and its end."""

from collections.abc import Iterator
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from sqlalchemy import delete, select

from portal.core.clock import today
from portal.core.database import city_session
from portal.identity import department_by_key
from portal.news import NewsArticle
from tests.integration.publishing.conftest import CITY, Makers

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def desk(makers: Makers) -> Iterator[Makers]:
    yield makers
    with city_session(CITY) as session:
        session.execute(delete(NewsArticle))


def written(**changes: str) -> dict[str, str]:
    with city_session(CITY) as session:
        department = department_by_key(session, "environment")
        assert department is not None
        key = str(department.id)
    words = {
        "seen": "0",
        "department_id": key,
        "subject": "くらし",
        "title_ja": "犬の注射の会場が変わります",
        "body_ja": "会場が変わります。\n\n・中央公園\n・西公園\n\n<b>太字</b>にはなりません。",
        "shown_from": today().isoformat(),
        "act": "publish",
    }
    return words | changes


def articles() -> list[NewsArticle]:
    with city_session(CITY) as session:
        return list(session.scalars(select(NewsArticle).order_by(NewsArticle.id)))


def test_a_draft_is_looked_at_published_and_ended(desk: Makers) -> None:
    maker, reader = desk.publisher, desk.resident
    looked_at = maker.post("/desk/news/edit", written(act="preview"))
    assert "<li>中央公園</li>" in looked_at.text and "&lt;b&gt;太字" in looked_at.text
    assert articles() == []
    assert maker.post("/desk/news/edit", written(act="draft")).status_code == 303
    (draft,) = articles()
    assert reader.get(f"/news/{draft.id}").status_code == 404
    assert "犬の注射の会場" not in reader.get("/").text
    assert maker.post(f"/desk/news/edit/{draft.id}", written(seen="1")).status_code == 303
    for page in ("/", "/news", f"/news/{draft.id}"):
        assert "犬の注射の会場が変わります" in reader.get(page).text
    assert maker.post(f"/desk/news/edit/{draft.id}", written(seen="1")).status_code == 409
    assert maker.post(f"/desk/news/delete/{draft.id}").status_code == 404
    assert maker.post(f"/desk/news/end/{draft.id}").status_code == 303
    assert reader.get(f"/news/{draft.id}").status_code == 404


def test_news_are_shown_on_their_days_alone(desk: Makers) -> None:
    day = timedelta(days=1)
    for title, begin, end in (
        ("きのうまで", today() - 3 * day, today() - day),
        ("あすから", today() + day, None),
        ("きょうまで", today() - day, today()),
    ):
        until = end.isoformat() if end else ""
        form = written(title_ja=title, shown_from=begin.isoformat(), shown_until=until)
        assert desk.publisher.post("/desk/news/edit", form).status_code == 303
    page = desk.resident.get("/news").text
    assert "きょうまで" in page and "きのうまで" not in page and "あすから" not in page
    feed = ElementTree.fromstring(desk.resident.get("/news.atom").text)  # noqa: S314 - the portal's own answer
    assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == ["きょうまで"]


def test_readers_of_other_languages_are_told_that_there_is_japanese_alone(desk: Makers) -> None:
    desk.publisher.post("/desk/news/edit", written(title_en="The place changes", body_en="It changes."))
    (article,) = articles()
    english = desk.resident.get(f"/news/{article.id}?lang=en").text
    chinese = desk.resident.get(f"/news/{article.id}?lang=zh").text
    desk.resident.get("/?lang=ja")
    assert "The place changes" in english and "Japanese only" not in english
    assert "本通知只有日语版。" in chinese and '<article class="article" lang="ja">' in chinese


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title_ja": ""}, "title_ja"),
        ({"body_ja": ""}, "body_ja"),
        ({"subject": "天気"}, "subject"),
        ({"title_ja": "長" * 81}, "title_ja"),
        ({"title_en": "Alone"}, "body_en"),
        ({"shown_from": ""}, "shown_from"),
        ({"shown_from": "12月1日"}, "shown_from"),
        ({"shown_until": "2020-01-01"}, "shown_until"),
        ({"department_id": "999999"}, "department_id"),
        ({"department_id": ""}, "department_id"),
    ],
)
def test_what_cannot_be_shown_comes_back_with_what_was_typed(desk: Makers, change: dict[str, str], field: str) -> None:
    page = desk.publisher.post("/desk/news/edit", written(**change))
    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    assert "中央公園" in page.text or field == "body_ja"
    assert articles() == []


def test_another_department_does_not_touch_it(desk: Makers) -> None:
    desk.publisher.post("/desk/news/edit", written())
    (article,) = articles()
    assert desk.stranger.get(f"/desk/news/edit/{article.id}").status_code == 404
    assert desk.stranger.post(f"/desk/news/end/{article.id}").status_code == 404
    assert "犬の注射の会場" not in desk.stranger.get("/desk/news").text

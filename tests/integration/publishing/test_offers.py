"""A missing answer of an old example is inserted into the text by one press; the text stays the author's, and nothing is saved."""

import re

from portal.core.database import city_session
from portal.procedures import queries
from tests.integration.publishing.conftest import AT, CITY, Makers
from tests.kit.catalogue import catalogue, with_whole_examples

SOURCE = catalogue()["dog-registration"]
HTMX = {"HX_Request": "true"}
JSON = "application/json"
PHONE = "      - person.phone\n"
WITH_QUESTION = with_whole_examples(SOURCE, 3).replace(
    PHONE, PHONE + "      - {id: collar, type: yes_no, label: {ja: 首輪}}  # 😀 令和8年から\n"
)
NAME = re.compile(r'name="draft-offer" value="([^"]+)"')


def offered(page: str) -> list[str]:
    return NAME.findall(page)


def with_offer(makers: Makers, name: str, source: str = WITH_QUESTION) -> str:
    """The text after a press, as a script writes it."""
    makers.publisher.get(AT)
    answer = makers.publisher.post(f"{AT}/offer", {"draft-source": source, "draft-offer": name}, Accept=JSON)
    assert answer.status_code == 200
    units = source.encode("utf-16-le")
    for place, text in answer.json["edits"]:
        units = units[: place * 2] + text.encode("utf-16-le") + units[place * 2 :]
    return units.decode("utf-16-le")


def test_each_missing_answer_has_a_press_and_all_together_too(makers: Makers) -> None:
    makers.publisher.get(AT)
    page = makers.publisher.post(f"{AT}/check", {"draft-source": WITH_QUESTION}, **HTMX).text
    names = offered(page)
    assert names[0] == "all"
    assert len(names) > 2
    assert all(name.endswith(".answers.collar") for name in names[1:])
    assert "本文に書き足す" in page
    assert "、すべて書き足す" in page


def test_one_press_writes_one_line_and_keeps_every_other(makers: Makers) -> None:
    makers.publisher.get(AT)
    names = offered(makers.publisher.post(f"{AT}/check", {"draft-source": WITH_QUESTION}, **HTMX).text)
    after = with_offer(makers, names[1])
    assert after.count("collar: ") == WITH_QUESTION.count("collar: ") + 1
    assert [line for line in after.splitlines() if "collar: " not in line] == [
        line for line in WITH_QUESTION.splitlines() if "collar: " not in line
    ]
    remaining = offered(makers.publisher.post(f"{AT}/check", {"draft-source": after}, **HTMX).text)
    assert names[1] not in remaining


def test_all_of_them_leave_nothing_to_offer_and_nothing_saved(makers: Makers) -> None:
    after = with_offer(makers, "all")
    assert after.count("collar: false") == WITH_QUESTION.count("    answers:")
    page = makers.publisher.post(f"{AT}/check", {"draft-source": after}, **HTMX).text
    assert offered(page) == []
    assert "の答えがない" not in page
    with city_session(CITY) as session:
        assert queries.draft_of(session, queries.procedure(session, "dog-registration")) is None


def test_without_a_script_the_page_comes_back_with_the_new_text(makers: Makers) -> None:
    makers.publisher.get(AT)
    page = makers.publisher.post(f"{AT}/offer", {"draft-source": WITH_QUESTION, "draft-offer": "all"})
    assert page.status_code == 200
    assert page.text.count("collar: false") == WITH_QUESTION.count("    answers:")
    assert "まだ保存していません" in page.text


def test_what_is_not_offered_is_reported_and_loses_nothing(makers: Makers) -> None:
    makers.publisher.get(AT)
    text = SOURCE + "# まだ保存していない\n"
    page = makers.publisher.post(f"{AT}/offer", {"draft-source": text, "draft-offer": "examples.0.answers.nothing"})
    assert page.status_code == 409
    assert "ご自分で書き足してください" in page.text
    assert "# まだ保存していない" in page.text
    answer = makers.publisher.post(f"{AT}/offer", {"draft-source": "a: [", "draft-offer": "all"}, Accept=JSON)
    assert "ご自分で" in answer.json["problem"]


def test_another_office_writes_nothing(makers: Makers) -> None:
    makers.stranger.get("/desk/procedures")
    assert makers.stranger.post(f"{AT}/offer", {"draft-source": "", "draft-offer": "all"}).status_code == 404

"""Publishing that waits: for its day, and for a second person."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from portal.core.clock import TOKYO, frozen, today
from portal.core.database import city_session
from portal.procedures import planned, queries
from portal.procedures.models import PlannedPublication
from tests.integration.publishing.conftest import AT, CITY, Makers
from tests.integration.publishing.test_editing import SOURCE, save
from tests.integration.publishing.test_releasing import publish, versions
from tests.kit.browser import Browser

RETITLED = SOURCE.replace("title: {ja: 犬の登録", "title: {ja: 犬の新しい登録", 1)
WHY = "条例の改正に合わせます。"


@pytest.fixture(autouse=True)
def nothing_planned(makers: Makers) -> Iterator[None]:
    """Nothing waits, and one person may publish, before and after."""
    yield
    with city_session(CITY) as session:
        procedure = queries.procedure(session, "dog-registration")
        if (row := session.get(PlannedPublication, procedure.id)) is not None:
            session.delete(row)
        procedure.needs_second_person = False


def decide(who: Browser, act: str) -> int:
    """Confirm or take back what the page shows as planned."""
    digest = re.search(r'action="[^"]*/planned".*?name="digest" value="([0-9a-f]+)"', who.get(AT).text, re.DOTALL)
    return who.post(f"{AT}/planned", {"digest": digest[1] if digest else "", "act": act}).status_code


def procedure_id() -> int:
    with city_session(CITY) as session:
        return queries.procedure(session, "dog-registration").id


def test_a_version_says_why_it_was_published(makers: Makers) -> None:
    save(makers.publisher, RETITLED)
    refused = publish(makers.publisher, note=" ")
    assert refused.status_code == 422
    assert "変更の理由を書いてください" in refused.text
    assert versions()[0].status == "draft"


def test_a_version_counts_from_the_day_that_was_named(makers: Makers) -> None:
    save(makers.publisher, RETITLED)
    day = today() + timedelta(days=5)
    for wrong, sentence in ((str(today()), "明日よりあと"), ("来週", "2027-04-01 のように")):
        refused = publish(makers.publisher, from_day=wrong, note=WHY)
        assert refused.status_code == 422
        assert sentence in refused.text
    assert publish(makers.publisher, from_day=str(day), note=WHY).status_code == 303
    page = makers.colleague.get(AT).text
    assert WHY in page
    assert 'data-opens-dialog="discard"' not in page
    kept = save(makers.colleague, RETITLED + "# あとから\n")
    assert kept.status_code == 409
    assert "公開を待っています" in kept.text
    assert "# あとから" in kept.text
    planned.publish_planned(CITY, procedure_id())
    assert versions()[0].status == "draft"
    with frozen(datetime(day.year, day.month, day.day, 0, 1, tzinfo=TOKYO)):
        planned.publish_planned(CITY, procedure_id())
        planned.publish_planned(CITY, procedure_id())
    newest = versions()[0]
    assert (newest.status, newest.note) == ("published", WHY)


def test_two_people_publish_where_the_procedure_wants_it(makers: Makers) -> None:
    assert makers.publisher.post(f"{AT}/second-person", {"needed": "yes"}).status_code == 403
    assert makers.editor.post(f"{AT}/second-person", {"needed": "yes"}).status_code == 303
    save(makers.publisher, RETITLED)
    assert publish(makers.publisher, note=WHY).status_code == 303
    assert versions()[0].status == "draft"
    assert "確認して公開する" not in makers.publisher.get(AT).text
    assert decide(makers.publisher, "confirm") == 403
    assert "確認して公開する" in makers.colleague.get(AT).text
    assert decide(makers.colleague, "confirm") == 303
    assert (versions()[0].status, versions()[0].note) == ("published", WHY)
    assert decide(makers.colleague, "confirm") == 409


def test_what_was_asked_for_is_taken_back_and_written_on(makers: Makers) -> None:
    save(makers.publisher, RETITLED)
    publish(makers.publisher, from_day=str(today() + timedelta(days=2)), note=WHY)
    assert publish(makers.colleague, note=WHY).status_code == 409
    assert decide(makers.colleague, "withdraw") == 303
    assert decide(makers.colleague, "withdraw") == 409
    assert save(makers.publisher, RETITLED + "# つづき\n").status_code == 303


def test_what_cannot_be_published_on_its_day_says_why(makers: Makers) -> None:
    save(makers.publisher, RETITLED)
    day = today() + timedelta(days=2)
    publish(makers.publisher, from_day=str(day), note=WHY)
    with city_session(CITY) as session:
        draft = queries.draft_of(session, queries.procedure(session, "dog-registration"))
        draft.source = draft.source.replace("department: environment", "department: nowhere")
    with frozen(datetime(day.year, day.month, day.day, 0, 1, tzinfo=TOKYO)):
        planned.publish_planned(CITY, procedure_id())
    page = makers.publisher.get(AT).text
    assert "予定した日に、公開できませんでした" in page
    assert versions()[0].status == "draft"

"""Several publishers at once, and procedures that change hands: nothing is published that nobody looked at, nothing is lost."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from portal.cases.models import Case
from portal.core.database import city_session
from portal.core.errors import Conflict
from portal.identity.models import Department
from portal.procedures import actions, queries
from portal.procedures.models import Procedure, ProcedureVersion
from portal.publishing.forms import MAX_SOURCE_LENGTH
from tests.integration.publishing.conftest import AT, CITY, Makers
from tests.integration.publishing.test_editing import SOURCE, draft, save, with_workflow
from tests.integration.publishing.test_releasing import publish, versions
from tests.kit.answers import DOG
from tests.kit.browser import Browser
from tests.kit.city import begin, hire, send

HANDED_OVER = SOURCE.replace("department: environment", "department: citizens")


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do them in threads of their own that start together; what each gave, or the conflict it met."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        start.wait()
        try:
            return act()
        except Conflict as conflict:
            return conflict

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def published(digest: bytes) -> int:
    with city_session(CITY) as session:
        return actions.publish(session, queries.procedure(session, "dog-registration"), None, seen_digest=digest).number


def test_of_two_who_publish_at_once_one_gets_a_conflict(makers: Makers) -> None:
    for round_number in range(5):
        save(makers.publisher, SOURCE + f"# {round_number}\n")
        saved = draft()
        assert saved is not None
        digest, before = bytes(saved.digest), len(versions())
        results = at_once(*[lambda digest=digest: published(digest)] * 3)
        assert sum(isinstance(result, int) for result in results) == 1
        refusals = [result.message for result in results if isinstance(result, Conflict)]
        assert all("先に公開した" in message for message in refusals)
        assert [version.status for version in versions()].count("published") == 1
        assert len(versions()) == before


def test_what_is_saved_while_somebody_publishes_is_published_by_nobody(makers: Makers) -> None:
    for round_number in range(5):
        save(makers.publisher, SOURCE + f"# read {round_number}\n")
        saved = draft()
        assert saved is not None
        digest = bytes(saved.digest)

        def write(digest: bytes = digest, number: int = round_number) -> object:
            with city_session(CITY) as session:
                procedure = queries.procedure(session, "dog-registration")
                return actions.save_draft(
                    session, procedure, SOURCE + f"# later {number}\n", None, seen_digest=digest
                ).id

        at_once(lambda digest=digest: published(digest), write)
        with city_session(CITY) as session:
            procedure = queries.procedure(session, "dog-registration")
            live = session.get_one(ProcedureVersion, procedure.current_version_id)
            assert "# later" not in live.source, "only what was looked at is published"
            actions.discard_draft(session, procedure)


def test_two_who_begin_a_draft_at_once_get_one_draft(makers: Makers) -> None:
    def write(comment: str) -> object:
        with city_session(CITY) as session:
            procedure = queries.procedure(session, "dog-registration")
            return actions.save_draft(session, procedure, SOURCE + comment, None, seen_digest=b"").id

    results = at_once(lambda: write("# a\n"), lambda: write("# b\n"))
    assert sum(isinstance(result, int) for result in results) == 1
    assert [version.status for version in versions()].count("draft") == 1


def test_the_second_browser_gets_a_message(makers: Makers) -> None:
    save(makers.publisher, SOURCE + "# 一度\n")
    digest = re.findall(r'name="digest" value="([0-9a-f]+)"', makers.colleague.get(AT).text)[-1]
    assert publish(makers.publisher).status_code == 303
    late = makers.colleague.post(f"{AT}/publish", {"digest": digest, "note": "直しました"})
    assert (late.status_code, "先に公開した" in late.text) == (409, True)


def test_a_new_department_takes_the_new_cases_and_leaves_the_running_ones(makers: Makers, both: Browser) -> None:
    with city_session(CITY) as session:
        ids = {row.key: row.id for row in session.scalars(select(Department))}
        running = send(session, begin(session, "dog-registration", DOG)).id
    save(both, HANDED_OVER)
    assert "担当の課が変わります" in both.get(f"{AT}/difference").text
    assert "に残ります。" in both.get(AT).text.partition('id="publish"')[2]
    assert publish(both).status_code == 303
    with city_session(CITY) as session:
        assert queries.procedure(session, "dog-registration").department_id == ids["citizens"]
        assert send(session, begin(session, "dog-registration", DOG)).department_id == ids["citizens"]
        assert session.get_one(Case, running).department_id == ids["environment"]
    save(both, SOURCE)
    assert publish(both).status_code == 303


def test_who_may_not_publish_for_the_new_department_gets_a_message(makers: Makers) -> None:
    save(makers.publisher, HANDED_OVER)
    refused = publish(makers.publisher)
    assert refused.status_code == 422
    assert "市民窓口課" in refused.text
    assert "権限がありません" in refused.text
    with city_session(CITY) as session:
        owner = session.scalar(select(Department.key).join(Procedure).where(Procedure.key == "dog-registration"))
    assert owner == "environment"


@pytest.mark.parametrize(
    ("source", "message", "remedy"),
    [
        (SOURCE.replace("department: environment", "department: roads"), "「roads」という課", "environment"),
        (
            with_workflow("  preset: notification\n  assign: {by: \"'道路課'\"}\n"),
            "「道路課」",
            "road-management",
        ),
        (
            with_workflow("  preset: notification\n  assign: {by: \"vaccinated ? 'waste' : 'ごみ'\"}\n"),
            "「ごみ」",
            "waste",
        ),
        (
            SOURCE.replace(
                "    fields:\n",
                "    fields:\n      - {id: kennel, type: point, label: {ja: 犬小屋},"
                " rules: [{clear_of: {procedure: dog-registraton, states: [received]}}]}\n",
                1,
            ),
            "「dog-registraton」という手続きは、この市にありません",
            "「dog-registration」ではありませんか",
        ),
    ],
)
def test_what_leads_to_no_department_or_procedure_is_a_fault(
    makers: Makers, source: str, message: str, remedy: str
) -> None:
    save(makers.publisher, source)
    page = makers.publisher.get(AT).text
    assert message in page
    assert remedy in page
    assert publish(makers.publisher).status_code == 422


def test_an_order_that_names_a_procedure_of_other_cities_is_advice_and_keeps_nobody_from_publishing(
    makers: Makers,
) -> None:
    itself = SOURCE.replace("routing:\n", "routing:\n  after: [dog-registration]\n")
    save(makers.publisher, itself)
    assert "手続きの順番が輪になっています" in makers.publisher.get(AT).text
    save(makers.publisher, SOURCE.replace("routing:\n", "routing:\n  after: [road-ocupancy, no-such]\n"))
    page = makers.publisher.get(AT).text
    assert "「no-such」という手続きは、この市にありません。案内では、この順番を使いません。" in page
    assert "「road-occupancy」ではありませんか。" in page
    assert publish(makers.publisher).status_code == 303


def test_what_the_city_does_not_have_is_reported_beside_the_faults_of_the_text(makers: Makers) -> None:
    place = (
        "      - {id: kennel, type: point, label: {ja: 犬小屋}, rules: [{inside: no-such-area}],\n"
        "         look_up: [{layer: no-such-layer, property: x, as: x}]}\n"
    )
    source = SOURCE.replace("department: environment", "department: roads").replace(
        "kind: notification", "kind: notice"
    )
    source = source.replace("    fields:\n", f"    fields:\n{place}", 1)
    assert place in source
    page = makers.publisher.post(f"{AT}/check", {"draft-source": source}).text
    for line, message in (
        (source[: source.index("kind: notice")].count("\n") + 1, "「notice」は使えません"),
        (source[: source.index("department: roads")].count("\n") + 1, "「roads」という課"),
        (source[: source.index("no-such-area")].count("\n") + 1, "地図の層「no-such-area」"),
        (source[: source.index("no-such-layer")].count("\n") + 1, "地図の層「no-such-layer」"),
    ):
        assert re.search(rf'data-line="{line}">[^<]*</a> {message}', page), message


def test_missing_translations_have_a_section_of_their_own(makers: Makers) -> None:
    makers.publisher.get(AT)
    source = SOURCE.replace(", ko: 특징}", "}").replace(", ko: 개의 특징}", "}")
    page = makers.publisher.post(f"{AT}/check", {"draft-source": source}).text
    assert page.count('<details class="fault-tasks"') == 1
    section = page.partition('<details class="fault-tasks"')[2].partition("</details>")[0]
    assert section.startswith(' data-severity="error" open>')
    assert "韓国語(ko)の訳がない文が2個あります。" in section
    assert section.count("data-line=") == 2
    advised = re.sub(r"^languages: .*\n", "", source, flags=re.MULTILINE)
    assert "fault-tasks" not in makers.publisher.post(f"{AT}/check", {"draft-source": advised}).text


def test_a_department_by_its_name_on_the_map_is_a_fault(makers: Makers, both: Browser) -> None:
    at = "/desk/procedures/road-occupancy"
    with city_session(CITY) as session:
        source = session.get_one(
            ProcedureVersion, queries.procedure(session, "road-occupancy").current_version_id
        ).source
    both.get(at)
    page = both.post(f"{at}/check", {"draft-source": source.replace("by: area.department", "by: area.office")}).text
    assert "地図の層「road-offices」のofficeの「道路課」" in page
    assert "キーの「road-management」" in page
    assert "地図の層" not in both.post(f"{at}/check", {"draft-source": source}).text


def test_a_text_that_is_too_long_is_kept_in_the_editor(makers: Makers) -> None:
    makers.publisher.get(AT)
    long = SOURCE + "# " + "あ" * MAX_SOURCE_LENGTH
    refused = makers.publisher.post(f"{AT}/draft", {"draft-source": long, "draft-digest": ""})
    assert refused.status_code == 422
    assert f"{MAX_SOURCE_LENGTH:,}文字まで" in refused.text
    assert "あ" * 1000 in refused.text


@pytest.fixture(scope="module")
def both(app: Flask, town: Makers) -> Browser:
    """A publisher of several departments."""
    roles = dict.fromkeys(("environment", "citizens", "road-management"), ("publisher",))
    hire(CITY, "both@example.jp", roles)
    return Browser(app, CITY, "192.0.2.44").sign_in_at_desk("both@example.jp")

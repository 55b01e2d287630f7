"""Households from the window of their life event to cases that were sent, by a client that runs no script, each in its language."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from forms import Definition
from forms.bundling import compose
from portal import procedures
from portal.cases.models import Case
from portal.cli.installing import install
from portal.core.clock import TOKYO, frozen
from portal.core.database import city_session
from portal.identity.models import Department
from portal.procedures import queries
from tests.integration.residents.conftest import CITY
from tests.kit.answers import moved_here
from tests.kit.browser import Browser, agreement
from tests.kit.catalogue import shipped_source
from tests.kit.entries import DAY
from tests.kit.households import HOUSEHOLDS, answers_of, forms_of
from tests.kit.letters import mailed_to

#: What a family leaves to the undertaker; whatever follows would wait for it.
BY_UNDERTAKERS = {"death-notification"}
PRESS = re.compile(r'name="press" value="([^"]+)"')
READINGS = {"サトウ", "ミサキ"}
KANA = re.compile(r"[ぁ-んァ-ヶ]+")
OWN_WORDS = re.compile(r"(?s)<(\w+)[^>]* lang=\"ja\".*?</\1>|<script.*?</script>|<head.*?</head>|<[^>]*>")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("household", "window", "language", "departments", "waiting"),
    [
        (
            "a family of four with a dog moves in",
            "moving",
            "ja",
            {"citizens", "environment", "childcare", "waste", "education"},
            2,
        ),
        (
            "a widow, for whom a daughter asks",
            "mourning",
            "ja",
            {"elderly-care", "insurance", "tax", "citizens", "environment"},
            0,
        ),
        ("a student from abroad", "moving", "en", {"citizens"}, 3),
    ],
)
def test_what_a_household_needs_comes_to_the_desks_of_its_offices(
    browser: Browser,
    other_browser: Browser,
    household: str,
    window: str,
    language: str,
    departments: set[str],
    waiting: int,
) -> None:
    members = {made.procedure: made for made in forms_of(household) if made.procedure not in BY_UNDERTAKERS}
    email = f"{window}-{language}@example.jp"
    with _offering(members) as order, frozen(datetime.combine(DAY, time(10), TOKYO)):
        form = compose([members[key] for key in order])
        answers = form.join({key: answers_of(household, made) for key, made in members.items()})
        _plan(other_browser, window, HOUSEHOLDS[household].truth)
        link = re.findall(r'value="http://[^"]+(/plan/shared/[^"]+)"', other_browser.post("/plan/link", {}).text)[0]
        browser.sign_in(email)
        browser.get(f"{link}?lang={language}")
        assert browser.post(f"{link}/take").status_code == 303, "a helper goes on with the plan of the household"
        page = browser.get("/plan").text
        chosen = {"procedure": list(members), "press": PRESS.findall(page)[0]}
        begun = browser.post("/plan/apply", chosen)
        first = browser.get(begun.location).location
        browser.get(first)
        review = browser.fill(first, form, moved_here(form, answers, DAY))
        shown = browser.get(review).text
        sent = browser.post(review, agreement(shown))
        assert sent.status_code in (303, 307), sent.text
        public_id = review.split("/")[-2]
        receipt = browser.get(f"/bundles/{public_id}/done").text
        status = browser.get(f"/me/bundles/{public_id}").text
    with city_session(CITY) as session:
        rows = session.execute(
            select(Case.number, Department.key)
            .join(Department, Department.id == Case.department_id)
            .where(Case.bundle_id.is_not(None))
            .order_by(Case.id.desc())
            .limit(len(members) - waiting)
        ).all()
    assert {department for _number, department in rows} == departments
    for page in (receipt, status, mailed_to(CITY, email, "bundle_received")):
        assert {number for number, _department in rows} == set(re.findall(r"日-\d{4}-\d{5}", page))
    for made in members.values():
        if made.workflow.preset == "visit" and made.routing is not None:
            for thing in made.routing.bring:
                for page in (receipt, mailed_to(CITY, email, "bundle_received")):
                    assert thing.for_language(language) in unescape(page), "what to bring to the counter"
    if language == "en":
        for page in (shown, receipt, status):
            words = OWN_WORDS.sub("", page)
            assert set(KANA.findall(words)) <= READINGS, "besides the reading of the student's own name"


@contextmanager
def _offering(members: Mapping[str, Definition]) -> Iterator[list[str]]:
    """Those procedures in the order in which the city offers them; what it offers for this alone is closed again afterwards."""
    with city_session(CITY) as session:
        added = members.keys() - {offer.key for offer in queries.offers(session)}
        for key in added:
            install(session, shipped_source(key), None)
            procedures.reopen_procedure(session, queries.procedure(session, key))
    try:
        with city_session(CITY) as session:
            order = [offer.key for offer in queries.offers(session) if offer.key in members]
        yield order
    finally:
        with city_session(CITY) as session:
            for key in added:
                procedures.close_procedure(session, queries.procedure(session, key))


def _plan(browser: Browser, window: str, truth: Any) -> None:
    """Answer what is asked with what is true, and go to the plan."""
    browser.get(f"/life/{window}")
    browser.post(f"/plan/begin/{window}")
    while (page := browser.get("/plan/question")).status_code != 303:
        names = re.findall(r'name="fact" value="([^"]+)"', page.text)
        form: dict[str, Any] = {"fact": names}
        if len(names) > 1:
            form["ticked"] = [name for name in names if truth.get(name) is True]
        else:
            unknown = "no" if 'value="no"' in page.text else "unsure"
            form[names[0]] = _typed(truth.get(names[0]), unknown)
        assert browser.post("/plan/question", form).status_code == 303
    browser.get("/plan")


def _typed(fact: object, unknown: str) -> str:
    match fact:
        case bool():
            return "yes" if fact else "no"
        case date():
            return fact.isoformat()
        case str():
            return fact
    return unknown

"""Rows within rows on pages: added and taken away without a script, kept, corrected, shown to resident and office; defaults in them."""

import re
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from portal import files
from portal.cases.answers import open_answers
from portal.cases.drafts import answers_of
from portal.cases.models import Draft
from portal.core.database import city_session
from portal.procedures import actions as procedures
from tests.integration.residents.choosing import add, draft_of, names
from tests.integration.residents.conftest import CITY
from tests.integration.residents.test_following import ask_for_correction, newest_case
from tests.kit.browser import Browser

SOURCE = """
procedure: KEY
kind: notification
title: {ja: 世帯の試し}
department: citizens
assurance: none
steps:
  - id: family
    title: {ja: 世帯}
    fields:
      - id: members
        type: group
        label: {ja: 世帯の方}
        row: {ja: 方}
        max: 4
        fields:
          - {id: called, type: text, label: {ja: お名前}}
          - {id: country, type: text, label: {ja: 国}, default: "'日本'"}
          - {id: works, type: yes_no, label: {ja: 働いていますか}, required: false}
          - id: jobs
            type: group
            label: {ja: 勤務先}
            row: {ja: 勤務先}
            show_when: works
            max: 3
            totals: [pay]
            fields:
              - {id: company, type: text, label: {ja: 会社の名前}}
              - {id: pay, type: money, label: {ja: 給料}, required: false}
              - {id: place, type: text, label: {ja: 勤務地の国}, default: country}
              - {id: proof, type: photo, label: {ja: 証明書}, required: false}
workflow: {preset: notification}
"""
_NUMBERS = count(1)


@pytest.fixture
def page(browser: Browser) -> str:
    key = f"household-{next(_NUMBERS)}"
    with city_session(CITY) as session:
        made = procedures.create_procedure(session, key, "citizens")
        procedures.save_draft(session, made, SOURCE.replace("KEY", key), None)
        procedures.publish(session, made, None)
    location = browser.start(key)
    browser.get(location)
    return location


def member(number: int, called: str, *companies: str, **more: str) -> dict[str, Any]:
    form = {f"members.{number}.called": called, f"members.{number}.works": "yes"}
    form |= {f"members.{number}.jobs.{n}.company": company for n, company in enumerate(companies)}
    return form | {f"members.{number}.{name.replace('__', '.')}": text for name, text in more.items()}


def marks(text: str) -> list[str]:
    return re.findall(r'name="shown-questions" value="([^"]+)"', text)


def inputs(text: str, ending: str) -> dict[str, str]:
    """The inputs of the page by name, templates of new rows aside."""
    pairs = re.findall(rf'name="(members\.[\d.]+[a-z.\d]*{ending})" value="([^"]*)"', text)
    return dict(pairs)


def saved(page: str) -> Any:
    with city_session(CITY) as session:
        draft = session.scalars(select(Draft).where(Draft.public_id == draft_of(page))).one()
        return answers_of(session, draft).get("members")


def test_rows_within_rows_come_and_go_without_a_script(browser: Browser, page: str) -> None:
    form = member(0, "はる", "青果店", jobs__0__pay="2000")
    more = browser.post(page, form | {"add-row": "members.0.jobs"})
    assert set(inputs(more.text, "company")) == {"members.0.jobs.0.company", "members.0.jobs.1.company"}
    assert 'data-group="members.0.jobs"' in more.text
    assert 'name="members.0.jobs.__n__.company"' in more.text
    assert "2,000円" in more.text  # the total below the rows of this row
    fewer = browser.post(page, member(0, "はる", "青果店", "書店") | {"remove-row": "members.0.jobs.0"})
    assert inputs(fewer.text, "company") == {"members.0.jobs.0.company": "書店"}
    refused = browser.post(page, member(0, "はる", "青果店", "", jobs__1__pay="x"))
    assert refused.status_code == 422
    assert 'href="#members.0.jobs.1.company"' in refused.text
    assert 'id="members.0.jobs.1.pay-error"' in refused.text
    assert saved(page) is None
    assert inputs(browser.get(page).text, "company")["members.0.jobs.0.company"] == "青果店"


def test_defaults_in_rows_are_followed_until_something_is_typed(browser: Browser, page: str) -> None:
    shown = browser.get(page).text
    assert inputs(shown, "country") == {"members.0.country": "日本"}
    untouched = marks(shown)
    assert any(mark.startswith("members.__n__.country.-default.") for mark in untouched)
    # nothing but a default in it: no row
    assert browser.post(page, {"members.0.country": "日本", "shown-questions": untouched}).status_code == 422
    form = member(0, "はる", "青果店") | {"members.0.country": "日本", "shown-questions": untouched}
    kept = browser.post(page, form)
    assert kept.status_code == 303
    assert "country" not in saved(page)[0]
    again = browser.get(page).text
    assert inputs(again, "place") == {"members.0.jobs.0.place": "日本"}
    review = browser.get(str(kept.location)).text
    assert "国：日本" in review
    # typed: the inner default follows it, and both stay
    typed = form | {"members.0.country": "英国", "members.0.jobs.0.place": "日本", "shown-questions": marks(again)}
    assert "members.0.jobs.0.place" in inputs(browser.post(f"{page}/live", typed, HX_Request="true").text, "place")
    browser.post(page, typed)
    assert inputs(browser.get(page).text, "place") == {"members.0.jobs.0.place": "英国"}
    assert saved(page)[0]["country"] == "英国"


def test_files_of_inner_rows_and_what_office_and_resident_see(browser: Browser, page: str) -> None:
    browser.post(f"{page}/autosave", member(0, "けん", "店"))
    assert add(browser, page, "一.jpg", field="members.0.jobs.1.proof").status_code == 200
    assert add(browser, page, "零.jpg", field="members.0.jobs.0.proof").status_code == 200
    ids = dict(re.findall(r'name="members\.0\.jobs\.(\d)\.proof\.files" value="([^"]+)"', browser.get(page).text))
    form = member(0, "けん", "店", "役所", **{f"jobs__{n}__proof__files": file for n, file in ids.items()})
    form |= member(1, "ゆう")
    form["members.1.works"] = "no"
    sent = browser.post(page, form)
    assert sent.status_code == 303, sent.text
    review = browser.get(str(sent.location)).text
    assert "勤務先 1：店、日本、零.jpg" in review
    assert "方 1 勤務先 2" in review or "一.jpg" in review
    assert browser.agree(str(sent.location)).status_code == 303
    case = newest_case()
    with city_session(CITY) as session:
        rows = open_answers(CITY, case.answers)["members"]
        assert [job["place"] for job in rows[0]["jobs"]] == ["日本", "日本"]
        assert rows[1] == {"called": "ゆう", "country": "日本", "works": False}
        assert {file.name for file in files.files_of_case(session, case.id)} == {"一.jpg", "零.jpg"}
    ask_for_correction(case.id, ("members",))
    correction = browser.get(f"/me/cases/{case.public_id}/correction").text
    assert inputs(correction, "company") == {"members.0.jobs.0.company": "店", "members.0.jobs.1.company": "役所"}


def test_a_row_takes_the_files_of_its_rows_along(browser: Browser, page: str) -> None:
    browser.post(f"{page}/autosave", member(0, "けん", "店"))
    add(browser, page, "一.jpg", field="members.0.jobs.0.proof")
    (file,) = re.findall(r'name="members\.0\.jobs\.0\.proof\.files" value="([^"]+)"', browser.get(page).text)
    form = member(0, "けん", "店", jobs__0__proof__files=file)
    browser.post(page, form | {"remove-row": "members.0"})
    assert names(draft_of(page)) == []

"""Several applicants: one of them is the representative, however the rows are filled in."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import check, evaluate, load
from forms.fields import ReadContext
from portal.cases.parties import joint_applicants, parties_of
from portal.cases.search_index import search_terms, word_terms
from tests.unit.fields.making import TODAY

SOURCE = """
procedure: shared-land
kind: notification
title: {ja: 共有地の届出}
department: road-management
steps:
  - id: people
    title: {ja: 申請する方}
    fields:
      - id: owners
        type: group
        label: {ja: 申請する方}
        row: {ja: 申請者}
        max: 6
        applicants: {who: owner, representative: leads}
        fields:
          - {id: owner, type: applicant, kinds: [person], email: required, label: {ja: 申請者}}
          - {id: leads, type: yes_no, label: {ja: 代表者ですか}}
consents:
  - {id: others, title: {ja: 同意}, text: {ja: 連名で出します。}, each: owners, name: owner, email: owner, signature: true}
workflow: {preset: notification}
"""


def owner(given: str, leads: bool) -> dict[str, Any]:
    person = {
        "kind": "person",
        "name": {"family": "佐藤", "given": given},
        "kana": {"family": "サトウ", "given": "アオイ"},
        "address": {"prefecture": "東京都", "city": "日野市", "town": "神明", "block": "1"},
        "phone": "+81425851111",
        "email": f"a{len(given)}@example.jp",
    }
    return {"owner": person, "leads": leads}


@given(st.lists(st.booleans(), min_size=1, max_size=6))
def test_of_two_or_more_just_one_is_the_representative(leads: list[bool]) -> None:
    group = load(SOURCE).fields["owners"]
    rows = [owner("葵" * (number + 1), lead) for number, lead in enumerate(leads)]
    errors = group.check(rows, ReadContext(TODAY))
    assert (errors == []) == (len(rows) == 1 or leads.count(True) == 1)
    assert {error.code for error in errors} <= {"representative_none", "representative_many"}


def test_the_representative_is_who_the_office_deals_with_and_the_others_are_asked_for_consent() -> None:
    definition = load(SOURCE)
    answers = {"owners": [owner("葵", False), owner("蓮太", True), owner("凛々花", False)]}
    parties = parties_of(definition, answers)
    assert (parties.name, parties.email) == ("佐藤 蓮太", "a2@example.jp")
    assert [(other.name, other.email) for other in parties.others] == [
        ("佐藤 葵", "a1@example.jp"),
        ("佐藤 凛々花", "a3@example.jp"),
    ]
    assert parties.names == "佐藤 蓮太 ほか2名"
    outcome = evaluate(definition, answers, {}, today=TODAY)
    assert [(need.row, need.name, need.email) for need in outcome.consents] == [
        (0, "佐藤 葵", "a1@example.jp"),
        (2, "佐藤 凛々花", "a3@example.jp"),
    ]
    terms = search_terms(definition, answers, line=("届出", parties.name), place="", contact=parties.email)
    assert set(word_terms(["凛々花"])) <= set(terms)


def test_a_single_applicant_is_the_representative_and_nobody_is_asked() -> None:
    definition = load(SOURCE)
    answers = {"owners": [owner("葵", False)]}
    parties = parties_of(definition, answers)
    assert (parties.name, parties.others, parties.names) == ("佐藤 葵", (), "佐藤 葵")
    assert evaluate(definition, answers, {}, today=TODAY).consents == ()
    assert joint_applicants(definition, {}) == []


@pytest.mark.parametrize(
    ("written", "instead", "message", "remedy"),
    [
        ("who: owner", "who: leads", "applicants の who「leads」", "使えるのは owner です。"),
        (
            "representative: leads",
            "representative: owner",
            "applicants の representative「owner」",
            "使えるのは leads です。",
        ),
        ("representative: leads", "representativ: leads", "representativ", "representative"),
        ("email: required, ", "", "メールアドレスを必ずは聞かない", "email: required"),
    ],
)
def test_what_cannot_be_applicants_is_said_with_its_line(written: str, instead: str, message: str, remedy: str) -> None:
    faults = [diagnostic for diagnostic in check(SOURCE.replace(written, instead)) if diagnostic.severity == "error"]
    fault = next(fault for fault in faults if message in fault.message)
    assert remedy in f"{fault.message} {fault.remedy}"
    assert fault.line > 1

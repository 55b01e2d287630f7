"""Finding cases at the desk, on real rows: new ones at once, older ones after reindexing."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update
from werkzeug.datastructures import MultiDict

from portal.cases import reindexing
from portal.cases.case_list import list_cases
from portal.cases.models import Case
from portal.cases.search_index import VERSION
from portal.core.access import StaffIdentity
from portal.desk.listing import listing
from portal.procedures import actions as procedures
from tests.kit.office import Office

PEOPLE = """
procedure: test-people
kind: notification
title: {ja: 試験用の届出}
department: environment
standard_days: 3
steps:
  - id: who
    title: {ja: 届け出る方}
    fields:
      - {id: name, type: person_name, item: person.name}
      - {id: kana, type: person_kana, item: person.kana}
      - {id: phone, type: phone, item: person.phone}
      - {id: address, type: address, item: person.address}
workflow: {preset: notification}
"""


@pytest.fixture
def people(office: Office) -> Office:
    """The office, with a procedure that asks who somebody is."""
    made = procedures.create_procedure(office.session, "test-people", "environment")
    procedures.save_draft(office.session, made, PEOPLE, office.staff.id)
    procedures.publish(office.session, made, office.staff.id)
    return office


def hand_in(office: Office, family: str, given: str, **others: Any) -> Case:
    answers = {
        "name": {"family": family, "given": given},
        "kana": {"family": "ケンサク", "given": "ヨウ"},
        "phone": "+819098765432",
        "address": {"prefecture": "東京都", "city": "立川市", "town": "曙町", "block": "2-17-3"},
    }
    return office.apply("test-people", answers | others)


def search(office: Office, query: str, staff: StaffIdentity | None = None) -> list[str]:
    view = listing(MultiDict([("q", query), ("status", "open")]), staff or office.staff)
    return [row.number for row in list_cases(office.session, view).rows]


@pytest.mark.parametrize(
    ("family", "given", "query"),
    [
        ("試験山田", "太郎", "試験山田太郎"),
        ("髙橋", "健", "高橋健"),
        ("葛\U000e0100城", "太郎", "葛城"),
        ("𠮷", "一", "𠮷"),
        ("Nguyễn", "Văn An", "NGUYEN VAN AN"),
        ("김", "민수", "김민수"),
        ("市ヶ谷", "花", "市ケ谷"),
        ("検索", "用", "ケンサク"),
        ("検索", "用", "けんさくよう"),
        ("検索", "用", "090-9876-5432"),
        ("検索", "用", "misaki@example.jp"),
        ("検索", "用", "5432"),
        ("検索", "用", "misaki"),
        ("一条", "三郎", "一条"),
        ("张", "伟", "張偉"),
        ("Müller", "Jürgen", "Mueller"),
    ],
)
def test_a_case_is_found_at_once(people: Office, family: str, given: str, query: str) -> None:
    case = hand_in(people, family, given)
    hand_in(people, "別人", "者", kana={"family": "ベツジン", "given": "モノ"}, phone="+81425232111")
    assert case.number in search(people, query)
    if not query.startswith("misaki"):  # both are of one account
        assert search(people, query) == [case.number]


def test_it_is_found_by_any_part_of_its_number(people: Office) -> None:
    case = hand_in(people, "検索", "用")
    letter, day, end = case.number.split("-")
    for query in (case.number, f"{letter}{day}{end}", end, end.lstrip("0")):
        assert case.number in search(people, query)


def test_older_cases_are_written_again_in_batches_and_keep_everything_else(people: Office) -> None:
    cases = [hand_in(people, "髙橋", f"健{number}") for number in "一二三"]
    changed = {case.id: (case.updated_at, case.lock_version) for case in cases}
    session = people.session
    session.execute(update(Case).values(search_bigrams=["旧"], search_version=0))
    assert search(people, "高橋") == []
    assert reindexing.count_stale(session) == 3
    assert [reindexing.reindex(session, 2) for _batch in range(3)] == [2, 1, 0]
    assert len(search(people, "高橋")) == 3
    assert search(people, "090-9876-5432")
    for case in cases:
        session.refresh(case)
        assert case.search_version == VERSION
        assert (case.updated_at, case.lock_version) == changed[case.id]


def test_a_case_whose_seal_does_not_open_is_found_by_its_line(people: Office) -> None:
    case = hand_in(people, "髙橋", "健")
    people.session.execute(
        update(Case).where(Case.id == case.id).values(answers={"name": {"sealed": "AAAA"}}, search_version=0)
    )
    assert reindexing.reindex(people.session) == 1
    assert search(people, "高橋") == [case.number]


def test_a_corrected_name_is_found_and_the_former_is_not(people: Office) -> None:
    from portal.cases.corrections import answer_correction
    from portal.cases.moves import MoveInputs, apply_transition
    from portal.procedures.definitions import definition_of

    case = hand_in(people, "佐藤", "健")
    session = people.session
    request = MoveInputs(note="氏名を確かめてください。")
    apply_transition(session, case.id, "request_correction", people.actor, roles=("clerk", "decider"), inputs=request)
    definition = definition_of(session, case.version_id)
    answers = {
        "name": {"family": "髙島", "given": "健"},
        "kana": {"family": "タカシマ", "given": "ケン"},
        "phone": "+819098765432",
        "address": {"prefecture": "東京都", "city": "立川市", "town": "曙町", "block": "2-17-3"},
    }
    answer_correction(session, case, definition, answers, people.resident)
    assert search(people, "高島") == [case.number]
    assert search(people, "佐藤") == []


def test_a_case_is_found_by_any_part_of_its_number(people: Office) -> None:
    case, other = hand_in(people, "山田", "太郎"), hand_in(people, "山田", "花")
    letter, day, last = case.number.split("-")
    short = last.lstrip("0")
    for query in (case.number, f"{letter}{day}{last}", f"{letter}-{day}-{short}", f"{day}-{last}", f"{day}-{short}"):
        assert search(people, query) == [case.number], query
    for query in (f"{letter}-{day}", f"{letter}{day}", f"{letter}－{day}－"):
        assert {case.number, other.number} <= set(search(people, query)), query
    another_day = "0101" if day != "0101" else "0102"
    for query in (f"{letter}-{another_day}", f"{another_day}-{short}", f"{letter}-{another_day}-{short}"):
        assert not search(people, query), query


def test_who_does_not_read_answers_finds_by_the_number_too(people: Office) -> None:
    case = hand_in(people, "山田", "太郎")
    letter, day, last = case.number.split("-")
    inspector = replace(
        people.staff, roles=dict.fromkeys(people.staff.roles, frozenset({"inspector"})), everywhere=frozenset()
    )
    for query in (f"{letter}-{day}", f"{day}-{last}"):
        assert case.number in search(people, query, inspector), query


def test_what_reads_like_a_number_may_be_a_shortened_address(people: Office) -> None:
    case = hand_in(
        people, "山田", "太郎", address={"prefecture": "東京都", "city": "立川市", "town": "泉", "block": "1156-9"}
    )
    assert case.number in search(people, "泉1156")

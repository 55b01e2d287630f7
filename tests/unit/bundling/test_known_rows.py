"""Rows begin with people who were named before, and belong to the applicant as soon as something else is written there."""

from datetime import date
from typing import Any

import pytest

from forms import Definition, check
from forms.bundling import compose
from forms.known_rows import Saved, with_known_rows
from tests.unit.forms.making import definition, field, text

TODAY = date(2026, 4, 1)
MOTHER = {"family": "佐藤", "given": "美咲"}
CHILD = {"family": "佐藤", "given": "葵"}
FAMILY = [
    {"name": MOTHER, "born": "1988-07-15"},
    {"name": CHILD, "born": "2019-05-01"},
]


def family(**settings: Any) -> Definition:
    people = [
        field("name", "person_name", item="member.name"),
        field("born", "birthday", item="member.birthday"),
        field("card", "yes_no", required=False),
    ]
    return definition(
        field("own_name", "person_name", item="person.name"),
        field("people", "group", item="household.members", fields=people, rows_from={"items": ["person"]}),
        procedure="family",
        **settings,
    )


def allowance(where: str = "age(birthday, today()) < 18") -> Definition:
    rows = [
        field("child", "person_name", item="child.name"),
        field("birthday", "birthday", item="child.birthday"),
        field("own", "yes_no"),
    ]
    known = {"items": ["household.members", "child"], "where": where}
    return definition(
        field("children", "group", item="household.children", fields=rows, rows_from=known), procedure="allowance"
    )


def saved(answers: Any = None, typed: Any = None) -> Saved:
    return Saved(answers or {}, typed or {})


def test_those_who_meet_the_condition_are_filled_in() -> None:
    form = compose([family(), allowance()])
    typed = with_known_rows(form, "household", saved(), saved({"household_members": FAMILY}), today=TODAY).typed
    assert typed == {
        "household_children.0.child.family": "佐藤",
        "household_children.0.child.given": "葵",
        "household_children.0.birthday": "2019年5月1日",
    }


def test_a_form_alone_begins_its_rows_with_the_applicant() -> None:
    typed = with_known_rows(family(), "first", saved(), saved({"own_name": MOTHER}), today=TODAY).typed
    assert typed == {"people.0.name.family": "佐藤", "people.0.name.given": "美咲"}


def test_rows_follow_until_somebody_writes_there() -> None:
    form = compose([family(), allowance()])
    before = saved({"household_members": FAMILY})
    known = with_known_rows(form, "household", saved(), before, today=TODAY).typed
    renamed = {"household_members": [FAMILY[0], FAMILY[1] | {"name": CHILD | {"given": "陽"}}]}
    followed = with_known_rows(
        form, "household", saved(before.answers, known), saved(renamed, known), today=TODAY
    ).typed
    assert followed["household_children.0.child.given"] == "陽"
    written = known | {"household_children.0.own": "yes"}
    again = with_known_rows(form, "household", saved(before.answers, known), before, today=TODAY).typed
    assert again == known, "a page is saved twice when it is sent"
    kept = with_known_rows(
        form, "household", saved(before.answers, written), saved(renamed, written), today=TODAY
    ).typed
    assert kept == written
    gone = with_known_rows(form, "household", saved(before.answers, known), saved({}, known), today=TODAY).typed
    assert gone == {}


def test_a_name_corrected_later_follows_into_rows_that_were_sent_while_it_stands_there() -> None:
    form = compose([family(), allowance()])
    renamed = [FAMILY[0], FAMILY[1] | {"name": CHILD | {"given": "陽"}}]

    def after_renaming(child: dict[str, str]) -> Any:
        sent = {"household_children": [{"child": child, "birthday": "2019-05-01", "own": True}]}
        before, after = (saved({"household_members": people} | sent) for people in (FAMILY, renamed))
        return with_known_rows(form, "household", before, after, today=TODAY).answers["household_children"]

    assert after_renaming(CHILD) == [{"child": renamed[1]["name"], "birthday": "2019-05-01", "own": True}]
    other = CHILD | {"given": "碧"}
    assert after_renaming(other) == [{"child": other, "birthday": "2019-05-01", "own": True}]


def test_pages_name_the_household_before_the_lists_that_take_from_it() -> None:
    pages = [step.id for step in compose([allowance(), family()]).steps]
    assert pages.index("household") < pages.index("allowance__first")
    note = compose([allowance(), family()]).fields["household_children"].help
    assert note is not None and note.ja.startswith("これまでの答え")


@pytest.mark.parametrize(
    ("known", "place"),
    [
        ({"items": ["household.memmbers"]}, "items"),
        ({"items": ["person"], "where": "own_name.family == ''"}, "where"),
        ({"items": ["person"], "where": "size(people)"}, "where"),
    ],
)
def test_faults_are_told(known: dict[str, Any], place: str) -> None:
    people = [field("name", "person_name", item="member.name")]
    group = field("people", "group", item="household.members", fields=people, rows_from=known)
    source = text(field("own_name", "person_name", item="person.name"), group)
    assert any(f"rows_from.{place}" in str(fault) for fault in check(source))

"""What a definition need not write: phrases, questions of shared items, names of pages, addresses of the city, samples of people."""

import json
from datetime import date
from typing import Any

import pytest

from forms import City, Definition, check, document_of, evaluate, load, load_document
from forms.catalogue.vocabulary import Item, procedure_files, shipped, vocabulary_of
from forms.definition.example import ExampleCity
from forms.definition.items import item_faults
from forms.text.localized import LANGUAGES
from forms.text.phrases import phrases, short_forms

TODAY = date(2026, 11, 23)
TACHIKAWA: City = ExampleCity(key="tachikawa", name="立川市", code="132021")
HOME: Any = {"prefecture": "東京都", "city": "立川市", "town": "曙町", "block": "1番1号"}
AWAY: Any = {"prefecture": "東京都", "city": "八王子市", "town": "元本郷町", "block": "3丁目24番1号"}


def definition(fields: list[Any], **more: Any) -> str:
    page = {"id": "page", "title": "届け出る方", "fields": fields}
    whole = {"procedure": "sample", "kind": "notification", "title": "見本の届出", "department": "citizens"}
    return json.dumps({**whole, "steps": [page], **more}, ensure_ascii=False)


def loaded(fields: list[Any], **more: Any) -> Definition:
    return load(definition(fields, **more))


def test_a_phrase_that_all_share_has_its_translations_and_the_page_its_short_name() -> None:
    made = loaded(["person.name"])
    [page] = made.steps
    assert page.title.for_language("en") == "About you"
    assert page.short is not None
    assert (page.short.ja, page.short.for_language("ko")) == ("届出人", "신고인")
    assert made.title.root == {"ja": "見本の届出"}, "other words are Japanese, and their translations are missing"


def test_words_of_its_own_stand_before_those_that_are_shared() -> None:
    page = {"id": "page", "title": "届け出る方", "short": "あなた", "fields": ["person.name"]}
    [step] = load(definition([], steps=[page])).steps
    assert step.short is not None
    assert step.short.ja == "あなた"
    english = {"ja": "届け出る方", "en": "Who reports"}
    [step] = load(definition([], steps=[{**page, "title": english}])).steps
    assert step.title.root == english


def test_what_is_no_phrase_is_listed_as_not_translated() -> None:
    diagnostics = check(definition(["person.name"], languages=["ja", "en"]))
    [untranslated] = [diagnostic for diagnostic in diagnostics if diagnostic.items]
    assert [item.path for item in untranslated.items] == ["title"]


@pytest.mark.parametrize("text", [*phrases().values(), *short_forms().values()], ids=lambda text: text["ja"])
def test_every_phrase_is_whole(text: dict[str, str]) -> None:
    assert set(text) == set(LANGUAGES)
    assert all(words.strip() == words and words for words in text.values())


def test_a_question_of_an_item_alone_is_that_question() -> None:
    made = loaded(["person.name", "child.name", {"id": "came_as", "item": "member.relation"}, {"item": "visit.day"}])
    assert [(field.id, field.type, field.item) for field in made.fields.values()] == [
        ("name", "person_name", "person.name"),
        ("child_name", "person_name", "child.name"),
        ("came_as", "choice", "member.relation"),
        ("visit_day", "date", "visit.day"),
    ]
    shown = document_of(made)["steps"][0]["fields"]
    assert [option["id"] for option in shown[2]["options"]] == ["self", "spouse", "child", "parent", "other"]
    assert shown[2]["options"][1]["label"]["en"] == "Spouse"
    assert (shown[3]["min"], shown[3]["open_days_only"]) == ("today+1d", True)


def test_what_a_question_writes_stands_before_its_item_and_a_type_of_its_own_takes_nothing() -> None:
    own = loaded([{"item": "visit.day", "max": "today+7d"}]).fields["visit_day"]
    assert (getattr(own, "min", None), getattr(own, "max", None)) == ("today+1d", "today+7d")
    shaped = loaded([{"id": "day", "type": "date", "item": "visit.day"}]).fields["day"]
    assert getattr(shaped, "min", None) is None, "a definition that says its type is not changed when an item grows"


def test_rows_and_forms_of_stages_take_items_too() -> None:
    people = {
        "id": "people",
        "type": "group",
        "label": "世帯の人",
        "fields": ["member.name", {"item": "member.relation"}],
    }
    stage = {"id": "look", "title": "見る", "after": "accepted", "role": "inspector", "form": {"fields": ["visit.day"]}}
    made = loaded([people], kind="permit", workflow={"preset": "permit", "stages": [stage]})
    assert [field.id for field in made.fields["people"].fields] == ["member_name", "member_relation"]  # type: ignore[attr-defined] # a group
    assert list(made.stage_forms["look"].fields) == ["visit_day"]


@pytest.mark.parametrize("question", ["person.nmae", {"id": "name", "item": "person.nmae"}])
def test_an_item_that_is_not_there_is_reported_once_with_the_nearest(question: Any) -> None:
    [diagnostic] = [item for item in check(definition([question])) if item.severity == "error"]
    assert diagnostic.path == "steps.0.fields.0.item"
    assert "person.nmae" in diagnostic.message
    assert "person.name" in diagnostic.remedy


def test_an_item_that_the_city_words_keeps_its_options() -> None:
    own = vocabulary_of({"items": {"member.relation": {"type": "choice", "label": {"ja": "続柄（世帯主から見て）"}}}})
    made = load(definition([{"item": "member.relation"}]), vocabulary=own)
    assert made.fields["member_relation"].label_in("ja") == "続柄（世帯主から見て）"
    assert len(made.fields["member_relation"].options) == 5  # type: ignore[attr-defined] # a choice


def test_an_item_cannot_say_when_it_is_asked() -> None:
    with pytest.raises(ValueError, match="show_when は書けません"):
        Item.model_validate({"type": "text", "label": "名前", "question": {"show_when": "true"}})


@pytest.mark.parametrize("name", list(shipped().items))
def test_every_shared_item_is_a_whole_question_and_its_sample_an_answer(name: str) -> None:
    assert item_faults(shipped().items[name]) == []


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({"type": "date", "question": {"mim": "today"}}, "mim"),
        ({"type": "date", "question": {"min": "someday"}}, "someday"),
        ({"type": "choice", "question": {"options": [{"id": "a"}]}}, "label"),
        ({"type": "phone", "sample": "0"}, "sample"),
        ({"type": "text", "question": {"pattern_message": "数字です。"}}, "pattern"),
    ],
)
def test_an_item_that_no_question_could_be_is_refused(entry: dict[str, Any], fault: str) -> None:
    faults = item_faults(Item.model_validate({"label": "質問", **entry}))
    assert len(faults) == 1
    assert fault in str(faults[0])


def test_the_course_follows_from_the_kind_unless_it_is_written() -> None:
    assert loaded(["person.name"]).workflow.preset == "notification"
    assert loaded(["person.name"], kind="permit").workflow.preset == "permit"
    assert loaded(["person.name"], kind="permit", workflow={"preset": "report"}).workflow.preset == "report"
    [diagnostic] = [item for item in check(definition(["person.name"], kind="booking")) if item.severity == "error"]
    assert "workflow" in diagnostic.message


@pytest.mark.parametrize(
    ("inside", "address", "fits"), [(True, HOME, True), (True, AWAY, False), (False, AWAY, True), (False, HOME, False)]
)
def test_an_address_in_the_city_or_outside_is_one_setting(inside: bool, address: Any, fits: bool) -> None:
    made = loaded([{"item": "person.address", "in_city": inside}])
    outcome = evaluate(made, {"address": address}, {}, today=TODAY, city=TACHIKAWA)
    assert ("address" not in outcome.errors) is fits
    again = load_document(document_of(made))
    assert document_of(again) == document_of(made), "what was stored has its check once"
    assert [len(step.checks) for step in again.steps] == [1]


def test_an_address_that_is_left_out_or_not_asked_is_not_refused() -> None:
    made = loaded(
        [
            {"id": "elsewhere", "type": "yes_no", "label": "ほかの住所がありますか"},
            {
                "id": "other",
                "type": "address",
                "label": "住所",
                "in_city": True,
                "required": False,
                "show_when": "elsewhere",
            },
        ]
    )
    cases: list[Any] = [{"elsewhere": True}, {"elsewhere": False}, {"elsewhere": False, "other": AWAY}]
    for answers in cases:
        assert evaluate(made, answers, {}, today=TODAY, city=TACHIKAWA).errors == {}
    assert "other" in evaluate(made, {"elsewhere": True, "other": AWAY}, {}, today=TODAY, city=TACHIKAWA).errors


def test_addresses_in_rows_and_in_rows_within_them_are_judged_with_the_words_of_the_definition() -> None:
    address = {"id": "place", "type": "address", "label": "住所", "in_city": True, "in_city_message": "市内だけです。"}
    inner = {"id": "sites", "type": "group", "label": "現場", "min": 0, "fields": [address]}
    made = loaded(
        [
            {"id": "firms", "type": "group", "label": "会社", "fields": [{**address, "id": "seat"}, inner]},
        ]
    )
    sound: Any = {"firms": [{"seat": HOME, "sites": [{"place": HOME}]}, {"seat": HOME, "sites": []}]}
    assert evaluate(made, sound, {}, today=TODAY, city=TACHIKAWA).errors == {}
    refused: list[Any] = [[{"seat": AWAY, "sites": []}], [{"seat": HOME, "sites": [{"place": HOME}, {"place": AWAY}]}]]
    for rows in refused:
        errors = evaluate(made, {"firms": rows}, {}, today=TODAY, city=TACHIKAWA).errors
        assert errors == {"firms": ["市内だけです。"]}


def test_words_for_an_address_without_its_rule_are_a_fault() -> None:
    question = {"item": "person.address", "in_city_message": "市内だけです。"}
    [diagnostic] = [item for item in check(definition([question])) if item.severity == "error"]
    assert "in_city" in diagnostic.message


def test_an_example_need_not_write_who_applies() -> None:
    example = {"name": "試し", "on": "2026-11-23", "answers": {}, "expect": {"fee": 0, "state": "received"}}
    source = definition(["person.name", {"item": "person.address", "in_city": True}], examples=[example])
    assert [item for item in check(source, TACHIKAWA) if not item.items] == []
    assert load(source).examples[0].answers["name"] == {"family": "佐藤", "given": "美咲"}
    nobody = {**example, "expect": {"errors": ["name"]}}
    assert "name" not in loaded(["person.name"], examples=[nobody]).examples[0].answers
    emptied = {**example, "like": "試し", "name": "名前なし", "answers": {"name": None}, "expect": {"errors": ["name"]}}
    assert "name" not in loaded(["person.name"], examples=[example, emptied]).examples[1].answers


def test_what_is_asked_of_some_people_only_has_no_sample() -> None:
    example = {"name": "試し", "on": "2026-11-23", "answers": {"many": False}, "expect": {}}
    asked_of_some = {"item": "person.name", "show_when": "many"}
    made = loaded([{"id": "many", "type": "yes_no", "label": "ほかの人"}, asked_of_some], examples=[example])
    assert made.examples[0].answers == {"many": False}


def test_shipped_procedures_write_nothing_that_they_share() -> None:
    """A phrase is written in Japanese alone, so that a better translation reaches every procedure."""
    written_out = [
        f"{path.stem}: {line.strip()}"
        for path in procedure_files()
        for line in path.read_text().splitlines()
        for phrase in phrases().values()
        if f"{{ja: {phrase['ja']}, ja-easy: {phrase['ja-easy']}, en: {phrase['en']}, zh: {phrase['zh']}, ko: {phrase['ko']}}}"
        in line
    ]
    assert written_out == []

"""Before publishing: advice, and examples that run."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import check, document_of, dry_run, load, load_document
from tests.unit.forms.making import ROAD, TODAY, choice, definition, field, text, unhurried


def errors(definition_text: str) -> list[tuple[str, str, str]]:
    return [
        (diagnostic.path, diagnostic.message, diagnostic.remedy)
        for diagnostic in check(definition_text)
        if diagnostic.severity == "error"
    ]


def advice(definition_text: str) -> list[str]:
    return [diagnostic.message for diagnostic in check(definition_text) if diagnostic.severity == "advice"]


def test_a_valid_definition_has_advice_only() -> None:
    assert errors(ROAD) == []
    assert any("英語(en)の訳がない文が" in message for message in advice(ROAD))
    assert any("質問「area」に説明がありません" in message for message in advice(ROAD))


def test_missing_translations_are_one_list_of_work_for_each_language_behind_all_else() -> None:
    easy = {"ja": "看板", "ja-easy": "かんばん"}
    question = {**choice("object", "sign"), "label": {"ja": "何を置きますか"}, "help": easy}
    note = field("note", "statement", text={"ja": "ごらんください。", "en": "Please look."})
    diagnostics = check(text(question, note, title=easy))
    *others, easily, in_english = diagnostics
    assert not any(diagnostic.items for diagnostic in others)
    assert "やさしい日本語(ja-easy)の訳がない文が" in easily.message
    assert "英語(en)の訳がない文が" in in_english.message
    texts = [(item.path, item.text) for item in in_english.items]
    assert ("title", "看板") in texts
    assert ("steps.0.fields.0.label", "何を置きますか") in texts
    assert ("steps.0.fields.0.help", "看板") in texts
    assert ("steps.0.fields.1.text", "ごらんください。") not in texts
    assert ("steps.0.fields.1.text", "ごらんください。") in [(item.path, item.text) for item in easily.items]
    written = text(question, note, title=easy).splitlines()
    for item in easily.items:
        assert item.line > 1
        assert f'"{item.path.rsplit(".", 1)[-1]}"' in written[item.line - 1]


@pytest.mark.parametrize("setting", ["label", "help"])
def test_braces_that_nothing_fills_in_are_an_error(setting: str) -> None:
    note = field("note", "statement", text={"ja": "ごらんください。"}) | {setting: {"ja": "{today() + days(14)} まで"}}
    [(path, message, remedy)] = errors(text(note, field("name", "text")))
    assert path == f"steps.0.fields.0.{setting}.ja"
    assert "「{today() + days(14)}」は計算されず" in message
    assert "explain" in remedy


def test_braces_that_name_nothing_are_a_text_like_any_other() -> None:
    assert errors(text(field("name", "text", help={"ja": "{例} のように書きます。"}), title={"ja": "{ja: x}"})) == []


def test_advice_on_long_pages_and_missing_examples() -> None:
    many = text(*(field(f"f{number}", "text") for number in range(6)))
    assert "1ページに質問が6個あります。" in advice(many)
    assert "試しの答え(examples)がありません。" in advice(many)


def test_lines_of_the_fee_need_ids_of_their_own() -> None:
    fee = [{"id": "basic", "label": {"ja": "基本"}, "amount": 1}, {"id": "basic", "label": {"ja": "加算"}, "amount": 2}]
    [(path, message, _)] = errors(text(fee=fee))
    assert (path, message) == ("fee.1.id", "手数料の行「basic」が2つあります。")
    assert any(
        "手数料「加算」にIDがありません" in message
        for message in advice(text(fee=[{"label": {"ja": "加算"}, "amount": 2}]))
    )
    assert not any("IDがありません" in message for message in advice(text(fee=fee[:1])))


def test_bad_text_is_an_error_and_no_more() -> None:
    [diagnostic] = check("- 1")
    assert diagnostic.severity == "error"


EXAMPLE: dict[str, Any] = {"on": "2026-04-01", "answers": {"object": "sign"}}


@pytest.mark.parametrize(
    ("expect", "path", "message"),
    [
        ({"fee": 400}, "examples.0.expect.fee", "手数料は400円のはずですが、300円です。"),
        ({"fee": {"approved": 1}}, "examples.0.expect.fee.approved", "手数料は1円のはずですが、0円です。"),
        ({"visible": ["what"]}, "examples.0.expect.visible.0", "質問「what」は表示されません。"),
        ({"hidden": ["object"]}, "examples.0.expect.hidden.0", "質問「object」は表示されます。"),
        ({"errors": ["object"]}, "examples.0.expect.errors.0", "「object」に直すところはありません。"),
        ({"state": "received"}, "examples.0.expect.state", "状態は「received」のはずですが、「awaiting_fee」です。"),
        (
            {"moves": ["approve"], "state": "x"},
            "examples.0.expect.moves.0",
            "「awaiting_fee」から「approve」には進めません。",
        ),
    ],
)
def test_an_example_that_comes_out_otherwise_is_an_error(expect: dict[str, Any], path: str, message: str) -> None:
    fields = choice("object", "sign", "other"), field("what", "text", show_when="object == 'other'")
    fee = [{"label": {"ja": "料"}, "amount": 300}]
    [(found_path, found_message, _)] = errors(text(*fields, fee=fee, examples=[{**EXAMPLE, "expect": expect}]))
    assert found_path == path
    assert message in found_message


def test_an_example_tells_what_to_fix_in_its_answers() -> None:
    made = text(choice("object", "sign"), examples=[{"on": "2026-04-01", "answers": {"object": "sgn"}, "expect": {}}])
    [(path, message, _)] = errors(made)
    assert path == "examples.0.expect.errors"
    assert message.startswith("「object」：")


def test_an_example_says_only_what_is_different_from_one_before_it() -> None:
    first = {**EXAMPLE, "name": "看板", "expect": {"hidden": ["what"]}}
    other = {
        "name": "ほか",
        "like": "看板",
        "answers": {"object": "other", "what": "旗"},
        "expect": {"visible": ["what"]},
    }
    missing = {"name": "空", "like": "ほか", "answers": {"what": None}, "expect": {"errors": ["what"]}}
    fields = choice("object", "sign", "other"), field("what", "text", show_when="object == 'other'")
    written = text(*fields, examples=[first, other, missing])
    assert errors(written) == []
    made = load(written)
    assert [example.on for example in made.examples] == [made.examples[0].on] * 3
    assert made.examples[2].answers == {"object": "other"}
    document = document_of(made)
    assert document["examples"][1]["like"] == "看板"
    assert load_document(document).examples == made.examples
    [(path, message, remedy)] = errors(text(*fields, examples=[first, {**other, "like": "看板2"}]))
    assert (path, "看板2" in message, "看板" in remedy) == ("examples.1.like", True, True)


def test_trying_answers_is_plain_json() -> None:
    made = load(ROAD)
    example = made.examples[0]
    trial = dry_run(made, example.answers, example.facts, example.on)
    assert (trial.total, trial.first_state, trial.assign_to, trial.errors) == (74_100, "received", "west", {})
    assert json.loads(json.dumps(trial.as_dict()))["fee_lines"][0]["amount"] == 74_100


def test_trying_answers_that_cannot_be_submitted_has_no_first_state() -> None:
    trial = dry_run(load(ROAD), {}, {}, date(2026, 4, 1))
    assert trial.first_state is None
    assert trial.total is None
    assert {"name", "area"} <= set(trial.errors)


KEYS = [
    "steps",
    "fields",
    "id",
    "type",
    "title",
    "ja",
    "workflow",
    "preset",
    "fee",
    "amount",
    "show_when",
    "options",
    "x",
]
TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=10)
    | st.sampled_from(["text", "permit"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=30,
)


@unhurried
@given(TREES)
def test_no_tree_breaks_a_check(tree: Any) -> None:
    assert check(json.dumps(tree))


def paths(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    collected = [path] if path else []
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        collected += paths(value, (*path, key))
    return collected


WHOLE = json.loads(
    text(
        choice("object", "sign", "other"),
        field("what", "text", show_when="object == 'other'"),
        field("items", "group", fields=[field("kind", "text"), field("count", "integer")]),
        fee=[{"label": {"ja": "料"}, "amount": "count * 100", "each": "items", "explain": {"ja": "{count}点"}}],
        workflow={
            "preset": "permit",
            "drop": ["lapse"],
            "stages": [{"id": "look", "title": {"ja": "見る"}, "after": "accepted", "role": "inspector"}],
        },
        examples=[{"on": "2026-04-01", "answers": {"object": "sign"}, "expect": {"errors": ["items"], "visible": []}}],
        routing={"applies_when": "has_dog", "bring": [{"ja": "印"}]},
    )
)


@unhurried
@given(st.sampled_from(paths(WHOLE)), TREES)
def test_no_single_wrong_part_breaks_a_check(path: tuple[Any, ...], value: Any) -> None:
    tree = json.loads(json.dumps(WHOLE))
    part = tree
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    for diagnostic in check(json.dumps(tree)):
        assert diagnostic.line == 1
        assert diagnostic.message


def test_evaluating_on_a_day_far_away_is_no_trouble() -> None:
    made = definition(field("day", "date", required=False, min="today+7d"))
    for day in (date.min, TODAY, date.max):
        assert dry_run(made, {"day": "2026-04-01"}, {}, day).visible == ("day",)


def test_a_declared_language_lacks_no_text_and_others_are_silent() -> None:
    whole = {"ja": "看板", "ja-easy": "かんばん", "en": "Sign", "zh": "招牌"}
    question = {**choice("object", "sign"), "label": {"ja": "何を置きますか", "zh": "放置什么"}}
    declared = text(question, title=whole, languages=["ja", "zh"])
    tasks = [diagnostic for diagnostic in check(declared) if diagnostic.items]
    [chinese] = tasks
    assert chinese.severity == "error"
    assert "中国語(zh)の訳がない文が" in chinese.message
    assert chinese.path == "languages.1"
    assert "steps.0.fields.0.options.0.label" in [item.path for item in chinese.items]
    assert not {"title", "steps.0.fields.0.label"} & {item.path for item in chinese.items}
    silent = text(question, title=whole, languages=["ja"])
    assert [diagnostic for diagnostic in check(silent) if diagnostic.items] == []


def test_missing_translations_come_at_once_with_other_faults() -> None:
    faulty = text(field("name", "text"), field("odd", "text", label=7), title={"ja": "見本"}, languages=["ja", "en"])
    reported = check(faulty)
    assert any(diagnostic.path == "steps.0.fields.1.label" for diagnostic in reported)
    [english] = [diagnostic for diagnostic in reported if diagnostic.items]
    assert "title" in [item.path for item in english.items]
    assert not any(item.path.startswith("steps.0.fields.1") for item in english.items)


@pytest.mark.parametrize(
    ("languages", "remedy"), [(["en"], "ja も並べて"), (["ja", "en", "en"], "1つにして"), (["ja", "fr"], "ja-easy")]
)
def test_languages_are_known_and_named_once(languages: list[str], remedy: str) -> None:
    [(path, message, help_)] = [
        fault for fault in errors(text(field("name", "text"), languages=languages)) if fault[0].startswith("languages")
    ]
    assert remedy in message + help_, path


def test_an_example_of_an_answer_is_an_answer() -> None:
    chip = field("chip", "text", pattern="[0-9]{15}", example={"ja": "392141000000123", "en": "392-141"})
    [(path, message, _remedy)] = errors(text(chip, field("count", "integer", max=5, example={"ja": "3"})))
    assert path == "steps.0.fields.0.example.en"
    assert "例の「392-141」は" in message
    too_many = field("count", "integer", max=5, example={"ja": "9"})
    assert [path for path, _message, _remedy in errors(text(too_many))] == ["steps.0.fields.0.example.ja"]


@pytest.mark.parametrize("name", ["type", "list", "int", "double", "string", "map"])
def test_an_id_that_is_the_name_of_a_type_is_a_fault_and_spoils_no_expression(name: str) -> None:
    fields = [field(name, "text"), field("copies", "integer"), field("why", "text", show_when="copies > 1")]
    [(path, message, _remedy)] = errors(text(*fields))
    assert (path, f"「{name}」は式の型の名前" in message) == ("steps.0.fields.0.id", True)
    assert load(text(*fields)).fields.keys() == {name, "copies", "why"}, "what was published with one can be read"

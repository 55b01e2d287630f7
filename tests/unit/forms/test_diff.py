"""What a clerk reads of the difference between two versions: every change with its numbers, money first."""

import json
from typing import Any

import pytest

from forms import Change, diff, load
from tests.unit.forms.hall import Edit, fields, hall, option
from tests.unit.forms.making import ROAD, choice, field, text


def changes(edit: Edit) -> list[Change]:
    edited = hall()
    edit(edited)
    return diff(load(json.dumps(hall())), load(json.dumps(edited)))


def test_the_same_definition_has_no_difference() -> None:
    assert diff(load(ROAD), load(ROAD)) == []
    assert changes(lambda definition: definition) == []


PRICE = "質問「集会所」の選択肢「曙町集会所・午前」の金額「price」が変わりました(600円 → 6,000円)。"


@pytest.mark.parametrize(
    ("edit", "topic", "sentence"),
    [
        (lambda d: option(d, 0)["values"].update(price=6000), "money", PRICE),
        (
            lambda d: option(d, 0)["values"].update(months_ahead=12),
            "money",
            "質問「集会所」の選択肢「曙町集会所・午前」の値「months_ahead」が変わりました(3 → 12)。",
        ),
        (
            lambda d: fields(d)[0]["options"].insert(
                0, {"id": "new", "label": {"ja": "新館"}, "values": {"price": 12000, "months_ahead": 1}}
            ),
            "money",
            "質問「集会所」の選択肢「新館」が加わりました(値 price 12,000円、months_ahead 1)。",
        ),
        (
            lambda d: d["fee"][1].update(amount=3000),
            "money",
            "手数料「鍵の貸出し」の金額が変わりました(300円 → 3,000円)。",
        ),
        (
            lambda d: d["fee"][0].update(amount="room.price * hours * 2"),
            "money",
            "手数料「使用料」の計算式が変わりました(「room.price * hours」 → 「room.price * hours * 2」)。",
        ),
        (
            lambda d: d["fee"][0].update(max_amount=100000),
            "money",
            "手数料「使用料」の上限が変わりました(50,000円 → 100,000円)。",
        ),
        (
            lambda d: d["fee"][0].update(waived_when="deposit > 1000"),
            "money",
            "手数料「使用料」の免除の条件が変わりました(なし → 「deposit > 1000」)。",
        ),
        (
            lambda d: d["fee"][1].update(when="submission"),
            "money",
            "手数料「鍵の貸出し」の支払う時が変わりました(許可のあと → 申請のとき)。",
        ),
        (
            lambda d: d["fee"][0].update(methods=["card", "konbini"]),
            "money",
            "手数料「使用料」のオンラインの支払い方法が加わりました(クレジットカード、コンビニ)。",
        ),
        (
            lambda d: d["fee"][0].update(rounding="up"),
            "money",
            "手数料「使用料」の端数が変わりました(切り捨て → 切り上げ)。",
        ),
        (
            lambda d: d["fee"].reverse(),
            "money",
            "手数料の順番が変わりました(「使用料」、「鍵の貸出し」 → 「鍵の貸出し」、「使用料」)。",
        ),
        (
            lambda d: d["fee"].pop(),
            "money",
            "手数料「鍵の貸出し」がなくなりました(計算式 300円、支払う時 許可のあと)。",
        ),
        (
            lambda d: fields(d).insert(0, fields(d).pop(1)),
            "demands",
            "ページ「はじめ」の質問の順番が変わりました(「集会所」、「時間数」 → 「時間数」、「集会所」)。",
        ),
        (
            lambda d: fields(d)[0]["options"].reverse(),
            "demands",
            "質問「集会所」の選択肢の順番が変わりました(「曙町集会所・午前」、「曙町集会所・午後」、「錦町会館」 → "
            "「錦町会館」、「曙町集会所・午後」、「曙町集会所・午前」)。",
        ),
        (
            lambda d: d["steps"].reverse(),
            "demands",
            "ページの順番が変わりました(「はじめ」、「連絡先」 → 「連絡先」、「はじめ」)。",
        ),
        (
            lambda d: d["steps"][1]["fields"].append(fields(d).pop(1)),
            "demands",
            "質問「時間数」のページが変わりました(「はじめ」 → 「連絡先」)。",
        ),
        (
            lambda d: fields(d)[1].update(required=False),
            "demands",
            "質問「時間数」の必須・任意が変わりました(必須 → 任意)。",
        ),
        (lambda d: fields(d)[1].update(max=12), "demands", "質問「時間数」の最大が変わりました(8時間 → 12時間)。"),
        (
            lambda d: fields(d)[3].update(max=50000),
            "demands",
            "質問「預り金」の最大が変わりました(5,000円 → 50,000円)。",
        ),
        (
            lambda d: fields(d)[4].update(min="today+2w"),
            "demands",
            "質問「使う日」のいちばん早い日が変わりました(申請の日の7日後 → 申請の日の2週間後)。",
        ),
        (
            lambda d: fields(d)[2]["fields"][1].update(max=99),
            "demands",
            "質問「使う人」の行の質問「年齢」の最大が変わりました(120 → 99)。",
        ),
        (
            lambda d: fields(d)[2]["fields"].reverse(),
            "demands",
            "質問「使う人」の行の質問の順番が変わりました(「名前」、「年齢」 → 「年齢」、「名前」)。",
        ),
        (
            lambda d: d["steps"][0]["checks"][0].update({"assert": "hours <= 6"}),
            "demands",
            "ページ「はじめ」の答えの確かめ「8時間までです。」の成り立つべき条件が変わりました(「hours <= 8」 → 「hours <= 6」)。",
        ),
        (
            lambda d: d["steps"][0].update(checks=[]),
            "demands",
            "ページ「はじめ」の答えの確かめ「8時間までです。」がなくなりました(成り立つべき条件 「hours <= 8」)。",
        ),
        (lambda d: d.update(assurance="verified"), "demands", "本人確認が変わりました(メール → 本人確認済み)。"),
        (lambda d: d.update(standard_days=14), "handling", "標準処理期間が変わりました(10日 → 14日)。"),
        (
            lambda d: d["routing"].update(applies_when="!has_dog"),
            "handling",
            "案内の条件が変わりました(「has_dog」 → 「!has_dog」)。",
        ),
        (
            lambda d: d["routing"]["life_events"].append("birth"),
            "handling",
            "案内するできごとが加わりました(「birth」)。",
        ),
        (lambda d: d["routing"].update(bring=[]), "handling", "持ち物「印鑑」がなくなりました。"),
        (
            lambda d: d["workflow"].update(drop=["lapse"]),
            "handling",
            "審査の流れの使わない動きが加わりました(支払いがないため終える)。",
        ),
        (
            lambda d: d["workflow"].update(assign={"by": "'east'"}),
            "handling",
            "審査の流れの担当の振り分けが加わりました(担当の振り分けの式 「'east'」)。",
        ),
        (
            lambda d: d["workflow"]["stages"][0].update(after="received"),
            "handling",
            "審査の流れの段階「下見」の始まる状態が変わりました(審査中 → 受付待ち)。",
        ),
        (
            lambda d: d["workflow"]["stages"][0]["form"]["fields"][0].update(required=False),
            "handling",
            "審査の流れの段階「下見」の質問「きれいですか」の必須・任意が変わりました(必須 → 任意)。",
        ),
        (
            lambda d: fields(d)[0]["label"].update(en="Meeting hall"),
            "texts",
            "質問「集会所」の質問の文(英語)が変わりました(「Hall」 → 「Meeting hall」)。",
        ),
        (
            lambda d: fields(d)[1].update(label={"ja": "使う時間"}),
            "texts",
            "質問「使う時間」の質問の文が変わりました(「時間数」 → 「使う時間」)。",
        ),
        (
            lambda d: option(d, 2).update(label={"ja": "錦町会館(2階)"}),
            "texts",
            "質問「集会所」の選択肢「錦町会館(2階)」の名前が変わりました(「錦町会館」 → 「錦町会館(2階)」)。",
        ),
        (
            lambda d: d["fee"][0].update(label={"ja": "利用料"}),
            "texts",
            "手数料「利用料」の名前が変わりました(「使用料」 → 「利用料」)。",
        ),
        (
            lambda d: d["examples"][0]["expect"].update(fee=12300),
            "examples",
            "試し「午前に2時間」の結果の見込みの手数料が変わりました(1,500円 → 12,300円)。",
        ),
        (
            lambda d: d["examples"][0]["answers"].update(hours=3),
            "examples",
            "試し「午前に2時間」の答え「時間数」が変わりました(2 → 3)。",
        ),
    ],
)
def test_a_clerk_reads_what_changed(edit: Edit, topic: str, sentence: str) -> None:
    assert [(change.topic, change.text) for change in changes(edit)] == [(topic, sentence)]


def test_money_comes_first_and_texts_come_late() -> None:
    def edit(definition: dict[str, Any]) -> None:
        definition["title"]["ja"] = "べつの名前"
        definition["standard_days"] = 3
        fields(definition)[1]["required"] = False
        option(definition, 1)["values"]["price"] = 800
        definition["examples"][0]["expect"]["fee"] = 1

    assert [change.topic for change in changes(edit)] == ["money", "demands", "handling", "texts", "examples"]


def test_a_page_that_goes_and_one_that_comes() -> None:
    def edit(definition: dict[str, Any]) -> None:
        definition["steps"][1] = {"id": "third", "title": {"ja": "確認"}, "fields": [field("ok", "yes_no")]}

    assert {(change.path, change.kind) for change in changes(edit)} == {
        ("steps.second", "removed"),
        ("steps.third", "added"),
        ("fields.phone", "removed"),
        ("fields.ok", "added"),
    }


def test_a_price_that_the_map_gives_is_money() -> None:
    edited = ROAD.replace("property: unit_price,", "property: new_price,")
    [change] = diff(load(ROAD), load(edited))
    assert (change.topic, change.before, change.after) == ("money", "「unit_price」", "「new_price」")
    [change] = diff(load(ROAD), load(ROAD.replace("property: office,", "property: desk,")))
    assert change.topic == "demands"


def test_a_named_value_is_money_when_a_fee_counts_with_it_even_through_another() -> None:
    def version(**values: str) -> Any:
        fee = [{"label": {"ja": "料"}, "amount": "price"}]
        compute = [{"id": name, "value": value} for name, value in values.items()]
        return load(text(field("copies", "integer"), fee=fee, compute=compute))

    old = version(unit="300", price="copies * unit", points="copies + 1")
    [change] = diff(old, version(unit="3000", price="copies * unit", points="copies + 1"))
    assert (change.topic, change.text) == ("money", "計算する値「unit」の計算式が変わりました(300 → 3,000)。")
    [change] = diff(old, version(unit="300", price="copies * unit", points="copies + 2"))
    assert change.topic == "demands"


def test_the_fee_that_an_example_expects_at_each_moment() -> None:
    def edit(definition: dict[str, Any]) -> None:
        definition["examples"][0]["expect"]["fee"] = {"submission": 1200, "approved": 300}

    [change] = changes(edit)
    assert (change.before, change.after) == ("1,500円", "申請のとき 1,200円、許可のあと 300円")


def test_another_type_of_answer_names_the_settings_that_come_with_it() -> None:
    def edit(definition: dict[str, Any]) -> None:
        fields(definition)[1] = field(
            "hours", "number", label={"ja": "時間数"}, unit={"ja": "時間"}, min=1, max=8, decimals=1
        )

    read = {change.path: (change.before, change.after) for change in changes(edit)}
    assert read["fields.hours.type"] == ("整数", "数")
    assert read["fields.hours.decimals"] == ("2けた", "1けた")


@pytest.mark.parametrize(
    ("old", "new"), [("a b", "a  b"), ("a b", "a\u3000b"), ("a", "a\u200b"), ("", "\u200b"), ("a\nb", "a b")]
)
def test_what_cannot_be_seen_is_shown(old: str, new: str) -> None:
    def with_help(words: str) -> str:
        return text(field("note", "text", help={"ja": f"({words})"}))

    [change] = diff(load(with_help(old)), load(with_help(new)))
    assert change.before != change.after
    assert "\u200b" not in change.text
    assert "\n" not in change.text


def test_a_long_text_is_shown_around_what_differs() -> None:
    old = "前置き。" * 50 + "料金は600円です。" + "結び。" * 50
    changed = [text(field("note", "text", help={"ja": words})) for words in (old, old.replace("600", "6000"))]
    [change] = diff(*map(load, changed))
    assert change.before
    assert change.after
    assert "料金は600円です。" in change.before
    assert "料金は6000円です。" in change.after
    assert len(change.after) < 100


def test_numbers_of_another_type_differ() -> None:
    """600 and 600.0 are two types of value in the language, and 1 is not true."""
    for old, new in ((600, 600.0), (1, True), (0, False), ("1", 1)):
        versions = []
        for value in (old, new):
            room = choice("room", "a")
            room["options"][0]["values"] = {"note": value}
            versions.append(load(text(room)))
        [change] = diff(*versions)
        assert change.before != change.after


def test_a_line_of_the_fee_is_the_same_line_under_another_name() -> None:
    def read(old: dict[str, Any], new: dict[str, Any]) -> set[tuple[str, str]]:
        before, after = (load(text(fee=[{"amount": 300, **rule}])) for rule in (old, new))
        return {(change.path, change.kind) for change in diff(before, after)}

    named, other = {"id": "copy", "label": {"ja": "写し"}}, {"id": "copy", "label": {"ja": "写しの手数料"}}
    assert read(named, other) == {("fee.copy.label", "changed")}
    assert read({"label": {"ja": "写し"}}, named) == {("fee.copy.id", "changed")}
    assert {kind for _, kind in read({"label": {"ja": "写し"}}, {"label": {"ja": "閲覧"}})} == {"added", "removed"}

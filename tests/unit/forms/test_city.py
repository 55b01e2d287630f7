"""Expressions name the city: the same definition means another city in another city."""

from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import JsonValue

from forms import check, evaluate, load
from forms.reading import StepReading, read_step
from tests.unit.forms.making import TODAY, choice, definition, field, text


@dataclass(frozen=True)
class Town:
    key: str
    name: str
    code: str
    name_kana: str = ""
    plane: None = None


TACHIKAWA = Town("tachikawa", "立川市", "132021")
READ_AS_TACHIKAWA = Town("tachikawa", "立川市", "132021", "タチカワシ")
FUCHU_IN_TOKYO = Town("fuchu", "府中市", "132063")
RYUGASAKI, MIZUHO = Town("ryugasaki", "龍ケ崎市", "082082"), Town("mizuho", "瑞穂町", "133035")
YOKOHAMA, KATSURAGI = Town("yokohama", "横浜市", "141003"), Town("katsuragi", "葛城市", "292117")
SHIOGAMA, YAMATO = Town("shiogama", "塩竈市", "042030"), Town("yamato", "大和市", "132209")
ASUKA, MURAYAMA = Town("asuka", "明日香村", "294021"), Town("murayama", "村山市", "062081")
FUCHU_IN_HIROSHIMA = Town("fuchu-hiroshima", "府中市", "342084")
HERE = "same_city(home.prefecture, home.city, city.prefecture, city.name)"


def steps(condition: str) -> list[dict[str, Any]]:
    rule = {"assert": condition, "field": "home", "message": {"ja": "この市の方だけです。"}}
    return [{"id": "first", "title": {"ja": "はじめ"}, "fields": [field("home", "address")], "checks": [rule]}]


def home(prefecture: str, city: str) -> dict[str, Any]:
    return {"home": {"prefecture": prefecture, "city": city, "block": "1-1"}}


@pytest.mark.parametrize(
    ("prefecture", "name", "city", "fits"),
    [
        ("東京都", "立川市", TACHIKAWA, True),
        ("東京都", "八王子市", TACHIKAWA, False),
        ("東京都", "府中市", FUCHU_IN_TOKYO, True),
        ("広島県", "府中市", FUCHU_IN_TOKYO, False),
        ("広島県", "府中市", FUCHU_IN_HIROSHIMA, True),
        ("東京都", "東京都立川市", TACHIKAWA, True),
        ("東京都", "立川", TACHIKAWA, False),
        ("茨城県", "龍ヶ崎市", RYUGASAKI, True),
        ("茨城県", "竜が崎市", RYUGASAKI, True),
        ("東京都", "西多摩郡瑞穂町", MIZUHO, True),
        ("東京都", "瑞穂町", MIZUHO, True),
        ("神奈川県", "横浜市西区", YOKOHAMA, True),
        ("奈良県", "葛\U000e0100城市", KATSURAGI, True),
        ("宮城県", "塩釜市", SHIOGAMA, True),
        ("奈良県", "高市郡明日香村", ASUKA, True),
        ("東京都", "東大和市", YAMATO, False),
        ("山形県", "東村山郡山辺町", MURAYAMA, False),
    ],
)
def test_only_residents_of_the_city_fit(prefecture: str, name: str, city: Town, fits: bool) -> None:
    made = load(text(steps=steps(HERE)))
    outcome = evaluate(made, home(prefecture, name), {}, today=TODAY, city=city)
    assert (not outcome.errors) is fits


def test_key_and_code_can_be_compared_and_fees_may_differ() -> None:
    made = definition(
        field("note", "text"), fee=[{"label": {"ja": "料"}, "amount": "city.code == '132021' ? 300 : 200"}]
    )
    assert evaluate(made, {"note": "x"}, {}, today=TODAY, city=TACHIKAWA).fee.total == 300
    assert evaluate(made, {"note": "x"}, {}, today=TODAY, city=FUCHU_IN_TOKYO).fee.total == 200
    assert evaluate(made, {"note": "x"}, {}, today=TODAY).fee.total is None


def test_a_name_that_the_city_does_not_have_is_an_error() -> None:
    [diagnostic] = [
        diagnostic for diagnostic in check(text(steps=steps("city.mayor == 'x'"))) if diagnostic.severity == "error"
    ]
    assert "city.mayor" in diagnostic.message


def test_a_question_named_city_stands_before_the_city() -> None:
    made = definition(choice("city", "a", "b"), field("note", "text", show_when="city == 'a'"))
    assert evaluate(made, {"city": "a"}, {}, today=TODAY, city=TACHIKAWA).is_visible("note")


def test_an_example_is_set_in_its_own_city_or_else_in_the_one_that_publishes() -> None:
    example = {"on": "2026-04-01", "answers": home("東京都", "立川市"), "expect": {"errors": []}}
    source = text(steps=steps(HERE), examples=[example])
    assert not errors(source, TACHIKAWA)
    assert errors(source, FUCHU_IN_TOKYO)
    example["city"] = {"key": "tachikawa", "name": "立川市", "code": "132021"}
    assert not errors(text(steps=steps(HERE), examples=[example]), FUCHU_IN_TOKYO)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Tachikawa", "立川市"),
        ("TACHIKAWA-SHI", "立川市"),
        ("Tachikawa City, Tokyo", "立川市"),
        ("Tatikawa", "立川市"),
        ("たちかわし", "立川市"),
        ("다치카와시", "立川市"),
        ("다치카와", "立川市"),
        ("타치카와 시", "立川市"),
        ("Hachioji", "Hachioji"),
        ("하치오지시", "하치오지시"),
        ("東立川市", "東立川市"),
    ],
)
def test_an_address_in_the_city_is_kept_in_japanese_in_whichever_letters_it_was_typed(written: str, kept: str) -> None:
    made = definition(field("home", "address", in_city=True))
    town = {"home.town": ["Akebono-cho"], "home.block": ["2-10-5"]}
    posted = {"home.prefecture": ["東京都"], "home.city": [written], **town}
    reading = read_step(made, "first", posted, {}, {}, today=TODAY, language="en", city=READ_AS_TACHIKAWA)
    assert city_in(reading) == kept
    assert reading.complete == (kept == "立川市")


def test_a_city_that_sounds_the_same_in_another_prefecture_is_another() -> None:
    made = definition(field("home", "address", in_city=False))
    posted = {"home.prefecture": ["埼玉県"], "home.city": ["Tachikawa"], "home.block": ["1"]}
    reading = read_step(made, "first", posted, {}, {}, today=TODAY, city=READ_AS_TACHIKAWA)
    assert reading.complete
    assert city_in(reading) == "Tachikawa"


@pytest.mark.parametrize(
    ("town", "block", "line"),
    [
        ("Nishikicho", "3-2-26", "東京都立川市 Nishikicho 3-2-26"),
        ("니시키초", "3-2-26", "東京都立川市 니시키초 3-2-26"),
        ("錦町", "3丁目2番26号", "東京都立川市錦町3丁目2番26号"),
    ],
)
def test_an_address_in_one_line_keeps_words_of_other_letters_apart(town: str, block: str, line: str) -> None:
    question = definition(field("home", "address")).fields["home"]
    value: JsonValue = {"prefecture": "東京都", "city": "立川市", "town": town, "block": block}
    assert question.show(value, "ja") == line


def city_in(reading: StepReading) -> object:
    address = reading.answers["home"]
    assert isinstance(address, dict)
    return address["city"]


def errors(source: str, city: Town) -> list[str]:
    return [diagnostic.message for diagnostic in check(source, city) if diagnostic.severity == "error"]

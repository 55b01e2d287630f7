"""Texts, names, readings, telephone numbers, e-mail, addresses and bank accounts."""

import pytest

from forms.text.safety import my_number_check_digit
from tests.unit.fields.making import CONTEXT, codes, make, read, value_of

MY_NUMBER = "12345678901" + str(my_number_check_digit("12345678901"))


def test_text_gets_its_usual_width_and_one_line() -> None:
    assert value_of(make("text"), _=" ＡＢＣ　ﾏﾝｼｮﾝ\r\n１０１ ") == "ABC マンション 101"


def test_long_text_keeps_its_lines() -> None:
    assert value_of(make("long_text"), _="一行目  \r\n\r\n三行目\n") == "一行目\n\n三行目"


@pytest.mark.parametrize("kind", ["text", "long_text"])
def test_a_my_number_is_refused(kind: str) -> None:
    reading = read(make(kind), _=f"番号 {MY_NUMBER}")
    assert codes(reading) == [("", "my_number")]
    assert "マイナンバー" in reading.errors[0].message("ja")


@pytest.mark.parametrize("kind", ["text", "long_text", "integer", "date", "phone", "email"])
@pytest.mark.parametrize("character", ["\0", "\x1b", "\ud800", "\ue000"])
def test_characters_that_cannot_be_stored(kind: str, character: str) -> None:
    assert codes(read(make(kind), _=f"1{character}2")) == [("", "unprintable")]


def test_length_counts_what_a_person_sees() -> None:
    field = make("text", max_length=3)
    assert value_of(field, _="葛\U000e0100葛\U000e0100👨‍👩‍👧")
    assert "いまは4文字です" in read(field, _="ああああ").errors[0].message("ja")
    assert codes(read(make("text", min_length=2), _="あ")) == [("", "too_short")]


@pytest.mark.parametrize("family", ["髙﨑", "\ufa1b田", "葛\U000e0100城", "𠮷野家"])
def test_a_name_stays_as_its_owner_writes_it(family: str) -> None:
    assert value_of(make("person_name"), family=family, given="　美咲 ") == {"family": family, "given": "美咲"}


def test_somebody_with_one_name() -> None:
    assert value_of(make("person_name"), family="Suharto") == {"family": "Suharto"}
    assert codes(read(make("person_name"), given="美咲")) == [("family", "family_missing")]


@pytest.mark.parametrize(("family", "given"), [("さとう", "みさき"), ("ｻﾄｳ", "ﾐｻｷ"), ("サトウ", "ミサキ")])
def test_readings_are_never_rejected_for_width(family: str, given: str) -> None:
    assert value_of(make("person_kana"), family=family, given=given) == {"family": "サトウ", "given": "ミサキ"}


@pytest.mark.parametrize(
    ("family", "given"), [("Smith", "Jane"), ("O’Neill", "Mary-Ann"), ("Nguyễn", "Văn Anh"), ("SUHARTO", "")]
)
def test_who_has_no_reading_in_kana_writes_latin_letters(family: str, given: str) -> None:
    known = {"family": family} | ({"given": given} if given else {})
    assert value_of(make("person_kana"), family=family, given=given) == known


@pytest.mark.parametrize("text", ["佐藤", "S4", "Smith佐藤", "-", "김"])
def test_a_reading_in_kanji_is_explained(text: str) -> None:
    assert codes(read(make("person_kana"), family=text, given="ミサキ")) == [("family", "kana")]


@pytest.mark.parametrize(
    "typed",
    [
        "042-523-2111",
        "0425232111",
        "０４２ー５２３ー２１１１",
        "042(523)2111",
        "+81 42 523 2111",
        "042・523・2111",
        "042.523.2111",
        "042 523 2111",
        "TEL：042-523-2111",
        "\u202d042-523-2111\u202c",
        "\u2068042-523-2111\u2069",
        "042-523-2111\u200b",
        "\u2067042\u2069-523-2111",
        "〇四二-五二三-二一一一",
        "042〜523〜2111",
        "042、523、2111",
        "0081 42 523 2111",
        "代表 042-523-2111",
        "042-523-2111（代表）",
        "042-523-2111 (自宅)",
        "☎042-523-2111",
        "「042-523-2111」",
    ],
)
def test_telephone_numbers_in_any_form(typed: str) -> None:
    field = make("phone")
    assert value_of(field, _=typed) == "+81425232111"
    assert field.show("+81425232111", "ja") == "042-523-2111"


@pytest.mark.parametrize("typed", ["090-12E4", "523-2111", "12", "042-523-2111 内線1421x"])
def test_texts_that_are_not_telephone_numbers(typed: str) -> None:
    assert codes(read(make("phone"), _=typed)) == [("", "phone")]


@pytest.mark.parametrize(
    "typed",
    [
        "042-523-2111 内線123",
        "042-523-2111(内線 123)",
        "042-523-2111 ext. 123",
        "０４２－５２３－２１１１　内線：１２３",
        "042-523-2111 内123",
        "042-523-2111(内)123",
        "042-523-2111 内線一二三",
        "042-523-2111 (内線123番)",
        "042-523-2111（代） 内線 123",
        "042-523-2111 #123",
        "tel:+81-42-523-2111;ext=123",
    ],
)
def test_an_extension_is_kept(typed: str) -> None:
    field = make("phone")
    value = value_of(field, _=typed)
    assert value == "+81425232111;ext=123"
    assert field.show(value, "ja") == "042-523-2111 内線123"
    assert field.show(value, "en") == "042-523-2111 ext. 123"
    assert value_of(field, _=str(field.inputs(value)[""])) == value


def test_a_number_abroad() -> None:
    field = make("phone")
    assert field.show(value_of(field, _="+1 212 555 2368"), "ja") == "+1 212-555-2368"


def test_email() -> None:
    assert value_of(make("email"), _="ｍｉｓａｋｉ＠Example.JP") == "misaki@example.jp"
    for copied in (
        "misaki@example.jp\u200b",
        "\ufeffmisaki@example.jp",
        "mailto:misaki@example.jp",
        "<misaki@example.jp>",
        "佐藤 美咲 <misaki@example.jp>",
        "「misaki@example.jp」",
        "misaki@example.jp、",
        "misaki@example.jp.",
        "misaki@example。jp",
    ):
        assert value_of(make("email"), _=copied) == "misaki@example.jp"
    assert (
        value_of(make("email"), _="taro@xn--r8jz45g.jp") == value_of(make("email"), _="taro@例え.jp") == "taro@例え.jp"
    )
    for typed in ("taro..x.@docomo.ne.jp", '"taro..x."@docomo.ne.jp'):
        assert value_of(make("email"), _=typed) == "taro..x.@docomo.ne.jp"
    assert value_of(make("email"), _="taro‐y\u2011x@example\u2011mail.jp") == "taro-y-x@example-mail.jp"
    assert codes(read(make("email"), _=f"{'a' * 65}@example.jp")) == [("", "email")]
    assert codes(read(make("email"), _="taro..x@example.jp")) == [("", "email")]
    assert codes(read(make("email"), _="太郎@example.jp")) == [("", "email_letters")]
    for wrong in ("misaki", "misaki@", "a b@c@d", "misaki@localhost"):
        assert codes(read(make("email"), _=wrong)) == [("", "email")]


def test_a_name_loses_what_nobody_sees_and_keeps_its_variants() -> None:
    field = make("person_name")
    assert value_of(field, family="山\u200b田", given="葛\U000e0100\u200e") == {
        "family": "山田",
        "given": "葛\U000e0100",
    }
    for blank in ("\u200b\u2060", "\u2800", "\ufffc", "\U0001d173"):
        assert codes(read(field, family=blank)) == [("", "required")]
        assert codes(read(make("text"), _=blank)) == [("", "required")]
    assert value_of(field, family="Jose\u0301", given="\u1112\u1161\u11ab") == {"family": "José", "given": "한"}


def test_addresses() -> None:
    field = make("address")
    value = value_of(
        field, postal_code="〒１９０ー００１２", prefecture="東京", city="立川市", town="曙町", block="２－１７－３"
    )
    assert value == {
        "postal_code": "1900012",
        "prefecture": "東京都",
        "city": "立川市",
        "town": "曙町",
        "block": "2-17-3",
    }
    assert field.show(value, "ja") == "〒190-0012 東京都立川市曙町2-17-3"
    assert field.inputs(value)["postal_code"] == "190-0012"


ABROAD = {"country": "DE", "lines": "Friedrichstr. 1\n10117 Berlin"}


def test_an_address_abroad() -> None:
    field = make("address", abroad=True)
    value = value_of(field, country="DE", lines="Friedrichstr. 1\u200b\r\n10117 Berlin ")
    assert value == ABROAD
    assert field.show(value, "ja") == "ドイツ Friedrichstr. 1, 10117 Berlin"
    assert field.show(value, "en") == "Germany Friedrichstr. 1, 10117 Berlin"
    assert value_of(field, **field.inputs(value)) == value
    assert field.cel_values(value, {})["country"] == "DE"
    at_home = value_of(field, prefecture="東京", city="立川市", block="1-2")
    assert field.cel_values(at_home, {})["country"] == "JP"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"country": "DE"}, [("lines", "lines_missing")]),
        ({"lines": "Berlin"}, [("country", "country")]),
        ({"country": "XX", "lines": "Berlin"}, [("country", "country")]),
        ({"country": "JP", "lines": "東京都"}, [("country", "country")]),
        ({"country": "DE", "lines": "あ" * 301}, [("lines", "too_long")]),
        ({}, [("", "required")]),
    ],
)
def test_an_address_abroad_says_what_is_missing(typed: dict[str, str], expected: list[tuple[str, str]]) -> None:
    assert codes(read(make("address", abroad=True), **typed)) == expected


def test_an_address_abroad_is_accepted_only_where_the_question_allows_it() -> None:
    assert codes(read(make("address"), **ABROAD)) == [("", "required")]
    assert make("address").check(ABROAD, CONTEXT)
    assert not make("address", abroad=True).check(ABROAD, CONTEXT)


@pytest.mark.parametrize(
    "value",
    [
        {"country": [], "lines": "x"},
        {"country": "DE", "lines": {}},
        {"country": "DE", "lines": "x", "city": "y"},
        {"lines": 3},
    ],
)
def test_a_spoilt_address_abroad_is_judged(value: dict[str, object]) -> None:
    assert make("address", abroad=True).check(value, CONTEXT)
    assert isinstance(make("address", abroad=True).show(value, "ja"), str)


def test_a_city_abroad_in_the_fields_for_japan_points_to_the_form_for_abroad() -> None:
    reading = read(make("address", abroad=True), city="Berlin", block="Friedrichstr. 1, 10117, Germany")
    assert codes(reading) == [("prefecture", "prefecture_or_abroad")]


def test_an_address_says_which_part_to_fix() -> None:
    reading = read(make("address"), postal_code="190", prefecture="江戸", town="曙町")
    assert codes(reading) == [
        ("postal_code", "postal_code"),
        ("prefecture", "prefecture"),
        ("city", "city_missing"),
        ("block", "block_missing"),
    ]


ACCOUNT = {
    "bank_name": "見本銀行",
    "bank_code": "９９９９",
    "branch_name": "立川支店",
    "branch_code": "001",
    "kind": "ordinary",
    "number": "1234567",
    "holder": "さとう　みさき",
}


def test_bank_accounts() -> None:
    field = make("bank_account")
    value = value_of(field, **ACCOUNT)
    assert isinstance(value, dict)
    assert (value["bank_code"], value["holder"]) == ("9999", "サトウ ミサキ")
    assert field.show(value, "ja") == "見本銀行（9999） 立川支店（001） 普通 口座番号 1234567 名義 サトウ ミサキ"


@pytest.mark.parametrize(
    ("part", "typed", "code"),
    [
        ("number", "123456", "account_number"),
        ("bank_code", "99", "bank_code"),
        ("branch_code", "1", "branch_code"),
        ("kind", "gold", "choice"),
        ("holder", "佐藤美咲", "holder"),
        ("holder", "", "holder_missing"),
    ],
)
def test_a_bank_account_says_which_part_to_fix(part: str, typed: str, code: str) -> None:
    assert codes(read(make("bank_account"), **(ACCOUNT | {part: typed}))) == [(part, code)]

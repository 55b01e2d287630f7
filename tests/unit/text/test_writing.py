"""Width, kana and length: what people type either way becomes one form, and names stay as their owners write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.text.addresses import house_number, parse_postal_code, parse_prefecture, show_postal_code
from forms.text.graphemes import length
from forms.text.kana import is_holder, is_katakana, to_holder, to_katakana
from forms.text.ruby import by_number, ruby, without_readings
from forms.text.safety import has_unprintable, holds_my_number, most_digits, my_number_check_digit, one_line, printable
from writing.folding import GUARD, single_spaces, usual_letters


@pytest.mark.parametrize(
    ("typed", "normalised"),
    [
        ("ＡＢＣ１２３", "ABC123"),
        ("ｶﾞｷﾞｸﾞ", "ガギグ"),
        ("か\u3099", "が"),
        ("すごい！（本当）", "すごい！（本当）"),  # full-width punctuation is good Japanese
        ("①㎡㈱", "①㎡㈱"),
    ],
)
def test_usual_letters(typed: str, normalised: str) -> None:
    assert usual_letters(typed) == normalised


@pytest.mark.parametrize("name", ["髙﨑", "\ufa19谷", "\ufa1b田", "葛\U000e0100城", "𠮷野", "邉", "侮\ufa30"])
def test_no_kanji_of_a_name_is_ever_changed(name: str) -> None:
    assert usual_letters(name) == name


@settings(deadline=None)
@given(st.text())
def test_usual_width_is_idempotent(text: str) -> None:
    assert usual_letters(usual_letters(text)) == usual_letters(text)


@pytest.mark.parametrize(
    ("typed", "reading"),
    [
        ("やまだ", "ヤマダ"),
        ("ﾔﾏﾀﾞ", "ヤマダ"),
        ("さとう　みさき", "サトウ ミサキ"),
        ("マリ-", "マリー"),
        ("ゔぃ", "ヴィ"),
        ("ジャン＝ポール", "ジャン・ポール"),
    ],
)
def test_readings_become_katakana(typed: str, reading: str) -> None:
    assert to_katakana(typed) == reading
    assert is_katakana(reading)


@settings(deadline=None)
@given(st.text(alphabet=[chr(code) for code in range(0x3041, 0x3097)], min_size=1))
def test_every_hiragana_has_a_katakana(text: str) -> None:
    assert is_katakana(to_katakana(text))


@pytest.mark.parametrize("text", ["佐藤", "Sato", "サトウ1", "ー", "", "サ\nト"])
def test_texts_that_are_not_readings(text: str) -> None:
    assert not is_katakana(text)


def test_account_holders_may_be_companies() -> None:
    assert to_holder("ｶ)ﾀﾏｹﾝｿｳ") == "カ)タマケンソウ"
    assert is_holder(to_holder("（カ）abc"))
    assert not is_holder("佐藤")
    assert not is_holder("1")
    assert not is_holder("-")


@pytest.mark.parametrize(
    ("text", "characters"),
    [("が", 1), ("か\u3099", 1), ("葛\U000e0100", 1), ("👨‍👩‍👧", 1), ("🇯🇵", 1), ("髙﨑", 2), ("", 0)],
)
def test_length_is_what_a_person_sees(text: str, characters: int) -> None:
    assert length(text) == characters


@pytest.mark.parametrize("text", ["a\0", "\x07", "\ud800", "\u202eabc", "\ue000", "\ufffe"])
def test_unprintable_characters_are_found_and_can_be_shown(text: str) -> None:
    assert has_unprintable(text)
    assert not has_unprintable(printable(text))


@pytest.mark.parametrize("text", ["二行\nの文", "葛\U000e0100", "👨‍👩‍👧", "𠮷", "\t", "é"])
def test_what_people_write_is_printable(text: str) -> None:
    assert not has_unprintable(text)


def test_one_line() -> None:
    assert one_line(" 東京\r\n立川 ") == "東京 立川"


MY_NUMBER = "12345678901" + str(my_number_check_digit("12345678901"))


@pytest.mark.parametrize(
    "text",
    [
        MY_NUMBER,
        f"番号は{MY_NUMBER}です",
        f"{MY_NUMBER[:4]}-{MY_NUMBER[4:8]}-{MY_NUMBER[8:]}",
        "１２３４" + MY_NUMBER[4:],
        f"{MY_NUMBER[:4]} {MY_NUMBER[4:8]} {MY_NUMBER[8:]}",
        f"{MY_NUMBER[:4]}　{MY_NUMBER[4:8]}　{MY_NUMBER[8:]}",
        f"{MY_NUMBER[:4]}\t{MY_NUMBER[4:8]}\t{MY_NUMBER[8:]}",
        f"{MY_NUMBER[:4]}ー{MY_NUMBER[4:8]}−{MY_NUMBER[8:]}",
        f"{MY_NUMBER[:4]} - {MY_NUMBER[4:8]} - {MY_NUMBER[8:]}",
        f"{MY_NUMBER[:4]}・{MY_NUMBER[4:8]}・{MY_NUMBER[8:]}",
        "\u200b".join(MY_NUMBER),
        " ".join(MY_NUMBER),
        MY_NUMBER.translate(str.maketrans("0123456789", "〇一二三四五六七八九")),
        f"電話042-523-2111、番号{MY_NUMBER}、2026年",
        f"2026-11-23 {MY_NUMBER}",
        f"{MY_NUMBER[:4]} {MY_NUMBER[4:8]} {MY_NUMBER[8:]} 042-523-2111",
        f"042-523-2111 {MY_NUMBER[:4]} {MY_NUMBER[4:8]} {MY_NUMBER[8:]}",
        f"0425232111 {MY_NUMBER[:4]} {MY_NUMBER[4:8]} {MY_NUMBER[8:]}",
        f"{MY_NUMBER[:4]}/{MY_NUMBER[4:8]}/{MY_NUMBER[8:]}",
        f"{MY_NUMBER[:4]}_{MY_NUMBER[4:8]}_{MY_NUMBER[8:]}",
        f"{MY_NUMBER[:4]}〜{MY_NUMBER[4:8]}〜{MY_NUMBER[8:]}",
        MY_NUMBER.translate(str.maketrans("0123456789", "○一二三四五六七八九")),
        "⑩⑪⑫⑬⑭⑲",  # each sign is two digits
    ],
)
def test_a_my_number_is_found(text: str) -> None:
    assert holds_my_number(text)


@pytest.mark.parametrize(
    "text",
    [
        MY_NUMBER[:11] + str((int(MY_NUMBER[11]) + 1) % 10),  # wrong check digit
        "9" + MY_NUMBER,  # thirteen digits
        "392145000123456",  # a microchip
        "042-523-2111",
        "",
        f"+{MY_NUMBER}",
        f"{MY_NUMBER[:2]}-{MY_NUMBER[2:4]}-{MY_NUMBER[4:8]}-{MY_NUMBER[8:]}",  # a telephone number as dialled from abroad
        f"9-{MY_NUMBER[:4]}-{MY_NUMBER[4:8]}-{MY_NUMBER[8:]}",  # a corporate number
        f"{MY_NUMBER[:4]}-{MY_NUMBER[4:8]}-{MY_NUMBER[8:]}-1234",  # a card
        f"{MY_NUMBER[:2]}/{MY_NUMBER[2:4]}/{MY_NUMBER[4:6]} {MY_NUMBER[6:8]}/{MY_NUMBER[8:10]}/{MY_NUMBER[10:]}",
        f"{MY_NUMBER[:6]}\n{MY_NUMBER[6:]}",
        f"{MY_NUMBER[:4]} {MY_NUMBER[4:8]} {MY_NUMBER[8:]} 1234",
        f"9 {MY_NUMBER[:4]} {MY_NUMBER[4:8]} {MY_NUMBER[8:]}",
        f"139.{MY_NUMBER}",  # decimals
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not holds_my_number(text)


def test_the_check_digit_of_the_ordinance() -> None:
    # 総務省令第85号 第5条: P1…P11 weighted 2…7, 2…6 from the right; 11 − (sum mod 11), 0 for a rest of 0 or 1.
    assert my_number_check_digit("00000000000") == 0
    assert my_number_check_digit("00000000001") == 9
    assert my_number_check_digit("10000000000") == 5


def test_no_sign_stands_for_more_digits_than_are_expected_of_it() -> None:
    signs = [chr(code) for code in range(0x30000) if not 0xD800 <= code < 0xE000]
    with_digits = [sign for sign in signs if most_digits(sign)]
    without = "".join(set(signs).difference(with_digits))
    assert not any(sign.isdecimal() for sign in GUARD(without))
    for sign in with_digits:
        folded = GUARD(f"一{sign}")[1:]  # a round mark is a nought beside a digit
        assert sum(map(str.isdecimal, folded)) <= most_digits(sign), sign


@pytest.mark.parametrize(
    "text",
    ["190-8666", "1908666", "〒190-8666", "１９０ー８６６６", "〒 190 - 8666", "郵便番号190-8666", "一九〇-八六六六"],
)
def test_postal_codes_in_either_form(text: str) -> None:
    assert parse_postal_code(text) == "1908666"
    assert show_postal_code("1908666") == "190-8666"


@pytest.mark.parametrize("text", ["190-866", "19086666", "abc", ""])
def test_texts_that_are_not_postal_codes(text: str) -> None:
    assert parse_postal_code(text) is None


def test_prefectures_by_short_name() -> None:
    assert parse_prefecture("東京") == "東京都"
    assert parse_prefecture("北海道") == "北海道"
    assert parse_prefecture("カリフォルニア") == "カリフォルニア"


def test_house_numbers_of_any_width() -> None:
    for typed in ("１－２ー３", "1‐2−3", "1⁃2━3"):
        assert house_number(typed) == "1-2-3"
    assert house_number("Ａ－１０１") == "A-101"
    assert house_number("1156番地の9") == "1156番地の9"
    assert house_number("コーポ　ーズ") == "コーポ ーズ"


def test_spaces_of_any_width() -> None:
    assert single_spaces("　佐藤　 美咲 ") == "佐藤 美咲"


@pytest.mark.parametrize(
    ("filled", "read"),
    [
        ("あと 2日(にち)", "あと 2日(ふつか)"),
        ("1日(にち)の 間(あいだ)", "1日(いちにち)の 間(あいだ)"),
        ("11月(がつ)1日(にち)", "11月(がつ)1日(ついたち)"),
        ("14日(にち)", "14日(じゅうよっか)"),
        ("30日(にち)", "30日(にち)"),
        ("10分(ふん)くらい", "10分(ぷん)くらい"),
        ("15分(ふん)", "15分(ふん)"),
        ("3階(かい)", "3階(がい)"),
        ("2階(かい)", "2階(かい)"),
    ],
)
def test_a_reading_follows_the_number_before_it(filled: str, read: str) -> None:
    assert by_number(filled) == read
    assert ruby(filled) == ruby(read)


def test_readings_in_brackets_become_ruby() -> None:
    assert str(ruby("道(みち)を")) == "<ruby>道<rp>(</rp><rt>みち</rt><rp>)</rp></ruby>を"
    assert str(ruby("<b>(見本)")) == "&lt;b&gt;(見本)"
    assert without_readings("名字(みょうじ)(姓(せい))") == "名字(姓)"

"""A case is found by every usual way of writing what it says, and by nothing that it does not say."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import Definition, load
from portal.cases.search_index import parse_search, search_terms

SOURCE = """
procedure: test-search
kind: notification
title: {ja: 試験用の届出}
department: environment
standard_days: 3
steps:
  - id: who
    title: {ja: 届け出る方}
    fields:
      - {id: name, type: person_name, item: person.name}
      - {id: kana, type: person_kana, item: person.kana, required: false}
      - {id: phone, type: phone, item: person.phone, required: false}
      - {id: email, type: email, item: person.email, required: false}
      - {id: address, type: address, item: person.address, required: false}
      - {id: company, type: text, item: organization.name, required: false}
      - {id: account, type: bank_account, item: person.bank_account, required: false}
      - id: children
        type: group
        label: {ja: お子さん}
        required: false
        fields:
          - {id: child_name, type: person_name, label: {ja: 氏名}}
workflow: {preset: notification}
"""
DEFINITION: Definition = load(SOURCE)
FULL: dict[str, Any] = {
    "name": {"family": "検索", "given": "用"},
    "kana": {"family": "ケンサク", "given": "ヨウ"},
    "phone": "+819098765432",
    "email": "kensaku@例え.jp",
    "address": {"prefecture": "東京都", "city": "日野市", "town": "神明", "block": "1-12-1"},
    "company": "株式会社髙島屋",
    "account": {"bank_name": "多摩", "holder": "ヒミツ", "number": "1234567"},
    "children": [{"child_name": {"family": "渡邉\U000e0100", "given": "一郎"}}],
}


def terms(answers: dict[str, Any], place: str = "") -> set[str]:
    applicant = " ".join(answers["name"].values())
    return set(search_terms(DEFINITION, answers, line=("試験用の届出", applicant), place=place, contact=None))


def finds(query: str, answers: dict[str, Any], place: str = "") -> bool:
    search = parse_search(query)
    assert search.kind in {"terms", "mailbox"}
    indexed = terms(answers, place)
    return set(search.terms) <= indexed or search.mail in indexed


@pytest.mark.parametrize(
    ("family", "given_name", "query"),
    [
        ("試験山田", "太郎", "試験山田太郎"),
        ("試験山田", "太郎", "太郎　試験山田"),
        ("試験山田", "太郎", "太郎試験山田"),
        ("髙橋", "健", "高橋"),
        ("髙橋", "健", "髙橋健"),
        ("髙橋", "健", "高橋　健"),
        ("山﨑", "京子", "山崎"),
        ("葛\U000e0100城", "太郎", "葛城"),
        ("渡邉\U000e0100", "一郎", "渡邉一郎"),
        ("渡邉\U000e0100", "一郎", "渡辺一郎"),
        ("𠮷", "一", "𠮷"),
        ("𠮷", "一", "吉一"),
        ("𠮷田", "茂", "吉田"),
        ("Nguyễn", "Văn An", "Nguyen"),
        ("Nguyễn", "Văn An", "NGUYEN VAN AN"),
        ("Nguyễn", "Văn An", "An Nguyễn"),
        ("Đỗ", "Thị Hà", "do thi ha"),
        ("김", "민수", "김민수"),
        ("김", "민수", "김"),
        ("市ヶ谷", "花", "市ケ谷"),
        ("市ヶ谷", "花", "市が谷花"),
        ("山\u3000田", "花", "山田"),
        ("O'Brien", "Seán", "obrien sean"),
        ("Oʼbrien", "Seán", "O'Brien"),
        ("Müller", "Jürgen", "MUELLER JUERGEN"),
        ("Müller", "Jürgen", "muller"),
        ("Jose\u0301", "", "josé"),
        ("一条", "三郎", "一条三郎"),
        ("一番ヶ瀬", "花", "一番が瀬"),
        ("籔内", "花", "薮内"),
        ("荘司", "花", "庄司"),
        ("张", "伟", "張偉"),
        ("鄧", "麗", "邓丽"),
        ("ヴァンス", "", "バンス"),
    ],
)
def test_a_person_is_found_by_any_usual_writing(family: str, given_name: str, query: str) -> None:
    assert finds(query, {"name": {"family": family, "given": given_name}})


@pytest.mark.parametrize(
    "query",
    [
        "ケンサク",
        "けんさく",
        "ｹﾝｻｸ ﾖｳ",
        "ケンサクヨウ",
        "090-9876-5432",
        "０９０９８７６５４３２",
        "+81 90 9876 5432",
        "kensaku@例え.jp",
        "KENSAKU@xn--r8jz45g.jp",
        "高島屋",
        "神明一丁目",
        "神明1丁目12番1号",
        "日野市神明",
        "渡辺",
        "検",
        "kensaku",
        "Kensaku@",
    ],
)
def test_a_case_is_found_by_what_it_says(query: str) -> None:
    assert finds(query, FULL)


@pytest.mark.parametrize("query", ["090-9876-5433", "other@例え.jp", "ヒミツ", "多摩", "神明二丁目", "検査", "kensak"])
def test_a_case_is_not_found_by_what_it_does_not_say(query: str) -> None:
    assert not finds(query, FULL)


def test_those_who_see_only_the_list_line_search_only_the_list_line() -> None:
    indexed = terms(FULL)
    assert set(parse_search("検索用").line_terms) <= indexed
    for hidden in ("ケンサク", "090-9876-5432", "kensaku@例え.jp", "神明", "渡辺"):
        assert not set(parse_search(hidden).line_terms) <= indexed


@pytest.mark.parametrize(
    ("query", "kind", "text"),
    [
        ("立-1128-00016", "number", "立-1128-00016"),
        ("立112800016", "number", "立-1128-00016"),
        ("立ー１１２８ー０００１６", "number", "立-1128-00016"),
        ("立-1128-16", "number", "立-1128-00016"),
        ("立-1128", "beginning", "立-1128-"),
        ("立１１２８", "beginning", "立-1128-"),
        ("立 1128 -", "beginning", "立-1128-"),
        ("00016", "figures", "00016"),
        ("１６", "figures", "16"),
        ("", "", ""),
        ("\u200b", "", ""),
        ("…", "number", "..."),
    ],
)
def test_numbers_are_understood(query: str, kind: str, text: str) -> None:
    search = parse_search(query)
    assert (search.kind, search.text) == (kind, text)


@pytest.mark.parametrize(
    ("query", "day", "end"), [("1128-00016", "1128", "00016"), ("１１２８－１６", "1128", "16"), ("16", "", "16")]
)
def test_a_number_without_its_letter_is_understood(query: str, day: str, end: str) -> None:
    search = parse_search(query)
    assert (search.kind, search.number_day, search.number_end) == ("figures", day, end)


def test_the_last_digits_of_a_telephone_number_find_it() -> None:
    for end in ("5432", "9876-5432"):
        assert parse_search(end).phone_end in terms(FULL)


NAMES = st.text(st.sampled_from("山田髙﨑邉𠮷葛\U000e0100ヶがの之サさｻ김민éNg"), min_size=1, max_size=6)


@given(NAMES, NAMES)
def test_every_name_is_found_as_it_was_written(family: str, given_name: str) -> None:
    indexed = terms({"name": {"family": family, "given": given_name}})
    for query in (f"{family} {given_name}", f"{given_name}　{family}", family, given_name):
        assert set(parse_search(query).terms) <= indexed


@given(st.text(max_size=80))
def test_any_text_can_be_searched_for(query: str) -> None:
    assert parse_search(query).kind in {"", "number", "beginning", "figures", "terms", "mailbox"}

"""Variables of standard texts: filled in, and refused in words where there is none of that name or nothing to fill in."""

import pytest

from portal.core.errors import Invalid
from portal.standard_texts import StandardContent, fill, pieces

VALUES = {"applicant": "佐藤 美咲", "number": "日-1201-00001"}


def filled(text: str) -> str:
    return fill(text, lambda name: VALUES.get(name, ""), field="note")


def test_variables_give_way_to_the_values_of_the_case() -> None:
    text = "{applicant}様\n受付番号は{number}です。{number}"
    assert filled(text) == "佐藤 美咲様\n受付番号は日-1201-00001です。日-1201-00001"


def test_braces_around_anything_else_stay() -> None:
    assert filled("{} {氏名} {{7*7}} { number }") == "{} {氏名} {{7*7}} { number }"


def test_a_text_is_shown_with_its_variables_set_apart() -> None:
    assert pieces("{applicant}様 {number}") == [("{applicant}", True), ("様 ", False), ("{number}", True)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{nam}", "波かっこの中の「nam」は、差し込みの名前ではありません"),
        ("{phone}", "差し込み「phone」に入る担当の課の電話が"),
    ],
)
def test_a_variable_without_a_value_is_refused_at_its_field(text: str, told: str) -> None:
    with pytest.raises(Invalid) as fault:
        filled(text)
    assert told in fault.value.fields["note"]


def content(kind: str = "message", title: str = "図面", **text: str) -> StandardContent:
    return StandardContent(kind, None, title, {"ja": "図面を確かめてください。"} | text)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (content(kind="poem"), "kind"),
        (content(title=""), "title"),
        (content(title="長" * 61), "title"),
        (content(ja=""), "text_ja"),
        (content(ja="長" * 2001), "text_ja"),
        (content(en="Dear {name}"), "text_en"),
        (content(ja="{deadline}までに"), "text_ja"),
        (content(kind="condition", ja="1行目\n2行目"), "text_ja"),
        (content(ja="番号は 1234 5678 9018 です"), "text_ja"),
    ],
)
def test_what_cannot_be_kept_is_named_by_its_field(wrong: StandardContent, field: str) -> None:
    with pytest.raises(Invalid) as fault:
        wrong.check()
    assert list(fault.value.fields) == [field]


def test_a_request_to_correct_may_name_its_deadline() -> None:
    request = content(kind="correction", ja="{deadline}までに直してください。")
    request.check()
    assert fill(request.text["ja"], lambda _name: "12月8日", field="note") == "12月8日までに直してください。"

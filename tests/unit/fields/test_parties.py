"""Who applies and who acts for them: only what the chosen kind asks is read, demanded, kept and given to expressions."""

import pytest

from tests.unit.fields.making import CONTEXT, codes, make, read, value_of

ADDRESS = {
    f"address.{part}": text for part, text in {"prefecture": "東京都", "city": "日野市", "block": "神明1-12-1"}.items()
}
PERSON = {"name.family": "佐藤", "name.given": "美咲", "kana.family": "さとう", "phone": "090-1234-5678", **ADDRESS}
COMPANY = {
    "kind": "organization",
    "organization_name": "見本建設株式会社",
    "organization_kana": "みほんけんせつ",
    "corporate_number": "7000-0120-50002",
    "representative_title": "代表取締役",
    "representative.family": "見本",
    "phone": "042-585-1111",
    **ADDRESS,
}


def test_a_company_is_read_with_its_number_and_representative() -> None:
    field = make("applicant")
    value = value_of(field, **COMPANY)
    assert value["organization_kana"] == "ミホンケンセツ"
    assert value["corporate_number"] == "7000012050002"
    assert field.check(value, CONTEXT) == []
    assert field.cel_values(value, {}) == {
        "is_organization": True,
        "kind": "organization",
        "name": "見本建設株式会社",
        "corporate_number": "7000012050002",
        "prefecture": "東京都",
        "city": "日野市",
        "town": "",
    }
    assert "代表者の氏名：見本" in field.show(value, "ja").splitlines()
    assert value_of(field, **field.inputs(value)) == value


def test_what_another_kind_asks_is_left_out_of_the_answer() -> None:
    value = value_of(make("applicant"), **(COMPANY | PERSON | {"kind": "person"}))
    assert "organization_name" not in value
    assert value["name"] == {"family": "佐藤", "given": "美咲"}


def test_the_kind_is_asked_first_and_then_its_own_questions() -> None:
    field = make("applicant")
    assert codes(read(field)) == [("kind", "choice_missing")]
    chosen = read(field, kind="organization")
    assert ("organization_name", "required") in codes(chosen)
    assert all(path.partition(".")[0] != "kana" for path, _code in codes(chosen))
    assert {"organization_name", "representative"} <= set(chosen.shown)
    assert "kana" not in chosen.shown


def test_of_a_single_kind_nobody_is_asked() -> None:
    field = make("applicant", kinds=["person"], birthday="none")
    assert [part.id for part in field.parts] == ["name", "kana", "address", "phone", "email"]  # type: ignore[attr-defined] # a composite
    assert value_of(field, **PERSON)["kind"] == "person"
    assert ("name", "required") in codes(read(field))
    assert read(make("applicant", kinds=["person"], required=False)).errors == ()


def test_a_proxy_is_asked_for_only_when_somebody_acts() -> None:
    field = make("proxy")
    assert value_of(field, kind="self") == {"kind": "self"}
    acting = PERSON | {"kind": "voluntary", "relation": "長男"}
    assert field.cel_values(value_of(field, **acting), {}) == {
        "kind": "voluntary",
        "is_acting": True,
        "is_voluntary": True,
        "name": "佐藤 美咲",
    }
    assert codes(read(field, kind="statutory", **PERSON)) == [("relation", "required")]


@pytest.mark.parametrize(
    "value",
    ["text", 3, {}, {"kind": "emperor"}, {"kind": "person", "name": 7}, {"kind": "self", "name": {"family": "x"}}],
)
@pytest.mark.parametrize("kind", ["applicant", "proxy"])
def test_nothing_odd_passes_or_breaks(kind: str, value: object) -> None:
    field = make(kind)
    assert field.check(value, CONTEXT)
    field.show(value, "ja")  # type: ignore[arg-type] # whatever is stored
    field.cel_values(value, {})  # type: ignore[arg-type] # whatever is stored

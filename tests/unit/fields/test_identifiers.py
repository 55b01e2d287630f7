"""Numbers that registers give: any one wrong digit of a checked number is found, and people may write them as on paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.text.identifiers import IDENTIFIERS, Format, corporate_check_digit, insurer_check_digit
from forms.text.localized import LANGUAGES
from forms.text.messages import messages
from forms.text.safety import holds_my_number
from tests.unit.fields.making import CONTEXT, codes, make, read, unhurried, value_of

DIGITS = "0123456789"


@pytest.mark.parametrize("number", ["7000012050002", "4011001098993", "7123456789012"])
def test_numbers_of_the_register(number: str) -> None:
    assert corporate_check_digit(number[1:]) == int(number[0])
    assert value_of(make("text", format="corporate_number"), _=number) == number


def test_insurers_have_a_check_digit_too() -> None:
    assert insurer_check_digit("3312001") == 5
    assert value_of(make("text", format="insurer_number"), _="33120015") == "33120015"
    assert codes(read(make("text", format="insurer_number"), _="33120016")) == [("", "check_digit")]


@unhurried
@given(st.text(DIGITS, min_size=12, max_size=12), st.integers(0, 12), st.integers(1, 8))
def test_one_wrong_digit_of_a_corporate_number_is_found(base: str, place: int, shift: int) -> None:
    number = f"{corporate_check_digit(base)}{base}"
    digit = (int(number[place]) + shift) % 9  # 0 and 9 count the same, which no check by nines can tell
    wrong = number[:place] + str(digit) + number[place + 1 :]
    if int(number[place]) % 9 != digit:
        assert codes(read(make("text", format="corporate_number"), _=wrong)) in (
            [("", "check_digit")],
            [("", "my_number")],
        )


@pytest.mark.parametrize("typed", ["7-0000-1205-0002", "７０００ ０１２０ ５０００ ２", " 7000012050002 "])
def test_partings_and_widths_do_not_matter(typed: str) -> None:
    assert value_of(make("text", format="corporate_number"), _=typed) == "7000012050002"


def test_a_registration_number_has_its_letter() -> None:
    field = make("text", format="invoice_number")
    assert value_of(field, _="ｔ7000012050002") == "T7000012050002"
    assert codes(read(field, _="7000012050002")) == [("", "invoice_number")]
    assert codes(read(field, _="T7000012050003")) == [("", "check_digit")]


def test_a_pension_number_is_shown_as_on_its_notice() -> None:
    field = make("text", format="pension_number")
    assert value_of(field, _="1234-567890") == "1234567890"
    assert field.show("1234567890", "ja") == "1234-567890"


@pytest.mark.parametrize("kind", IDENTIFIERS)
def test_a_my_number_is_refused_in_each(kind: Format) -> None:
    field = make("text", format=kind)
    assert read(field, _="123456789018").value is None
    assert not field.check(IDENTIFIERS[kind].example, CONTEXT)
    assert not holds_my_number(IDENTIFIERS[kind].example)
    with pytest.raises(ValueError, match="format と pattern"):
        make("text", format=kind, pattern="[0-9]+")


@pytest.mark.parametrize("name", IDENTIFIERS)
def test_every_number_has_a_hint_and_words_for_its_fault_in_every_language(name: str) -> None:
    for code in (name, f"hint_{name}"):
        assert set(messages()[code].root) == set(LANGUAGES)

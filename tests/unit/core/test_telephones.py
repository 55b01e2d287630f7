"""Numbers that a phone calls at one press."""

import pytest

from portal.core.telephones import telephone_address, telephone_link


@pytest.mark.parametrize(
    ("number", "address"),
    [
        ("042-523-2111", "tel:0425232111"),
        ("042-523-2111 内線 123", "tel:0425232111;ext=123"),
        ("042-523-2111内線123", "tel:0425232111;ext=123"),
        ("#9910", "tel:%239910"),
        ("+81-42-523-2111", "tel:+81425232111"),
    ],
)
def test_the_address_calls_what_people_read(number: str, address: str) -> None:
    assert telephone_address(number) == address


def test_what_is_no_number_stays_text() -> None:
    assert "<script>" not in telephone_link('"><script>')

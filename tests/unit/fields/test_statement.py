"""A note on a page: whom it tells people to phone."""

import pytest
from pydantic import ValidationError

from tests.unit.fields.making import make

TELEPHONES = {"city": "042-585-1111", "tax": "042-514-8232"}


@pytest.mark.parametrize(
    ("call", "number"), [("city", "042-585-1111"), ("tax", "042-514-8232"), ("#9910", "#9910"), ("119", "119")]
)
def test_a_note_names_the_number_to_call(call: str, number: str) -> None:
    assert make("statement", call=call).telephone(TELEPHONES.__getitem__) == number


def test_where_nobody_knows_the_city_only_numbers_are_called() -> None:
    assert make("statement", call="119").telephone(None) == "119"
    assert make("statement", call="tax").telephone(None) == ""
    assert make("statement").telephone(TELEPHONES.__getitem__) == ""


@pytest.mark.parametrize("call", ["", "City", "税務課", "0", "042-", "#", "03 1234", "1" * 30, "tel:110", "a" * 61])
def test_what_nobody_can_call_is_refused_with_what_to_write(call: str) -> None:
    with pytest.raises(ValidationError, match="call には"):
        make("statement", call=call)

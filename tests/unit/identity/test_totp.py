"""Codes of authenticator apps, against the values of RFC 6238 (appendix B, SHA-1, last six digits)."""

from base64 import b32encode
from datetime import UTC, datetime

import pytest

from portal.identity.totp import new_secret, provisioning_uri, step_of

SECRET = b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_the_values_of_the_standard(seconds: int, code: str) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert step_of(SECRET, code, moment, last_step=0) == seconds // 30


def test_a_step_that_was_used_is_refused() -> None:
    moment = datetime.fromtimestamp(1234567890, UTC)
    used = 1234567890 // 30
    assert step_of(SECRET, "005924", moment, last_step=used - 1) == used
    assert step_of(SECRET, "005924", moment, last_step=used) is None


@pytest.mark.parametrize("code", ["", "00592", "0059244", "abcdef", "005924"])
def test_an_invalid_code_is_refused(code: str) -> None:
    assert step_of(SECRET, code, datetime.fromtimestamp(59, UTC), last_step=0) is None


def test_the_address_for_the_app_names_city_and_person() -> None:
    uri = provisioning_uri(new_secret(), "hanae@city.example.jp", "日野市 窓口")
    assert uri.startswith("otpauth://totp/")
    assert "hanae%40city.example.jp" in uri
    assert len(new_secret()) == 32

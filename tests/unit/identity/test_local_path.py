"""Where people may be sent after signing in, and how an address is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import Invalid
from portal.identity.addresses import normal_email
from portal.identity.web_session import local_path


@pytest.mark.parametrize("path", ["/", "/my", "/desk/cases/7?tab=map&x=1", "/a//b", "/%2F%2Fevil.example"])
def test_own_paths_are_followed(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "my",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " /my",
        "https://evil.example",
        "javascript:alert(1)",
        "/my\x00",
    ],
)
def test_other_sites_are_not(path: str | None) -> None:
    assert local_path(path) is None


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("misaki@example.jp", "misaki@example.jp"),
        (" Misaki@EXAMPLE.jp ", "misaki@example.jp"),
        ("misaki@example.jp", "misaki@example.jp"),
        ("m.i+dog@city.example.jp", "m.i+dog@city.example.jp"),
        ("misaki@example.jp\u200b", "misaki@example.jp"),
        ("taro@xn--r8jz45g.jp", "taro@例え.jp"),
        ("taro@例え.jp", "taro@例え.jp"),
        ("taro..x.@docomo.ne.jp", "taro..x.@docomo.ne.jp"),
    ],
)
def test_an_address_has_one_spelling(typed: str, stored: str) -> None:
    assert normal_email(typed) == stored


def test_letters_that_no_server_takes_are_named() -> None:
    with pytest.raises(Invalid, match="半角の英数字"):
        normal_email("太郎@example.jp")


@given(st.text(st.characters(), max_size=60))
def test_any_other_text_gets_plain_words(typed: str) -> None:
    try:
        assert "@" in normal_email(typed)
    except Invalid as error:
        assert error.fields["email"].endswith("。")

"""File names are cleaned before anybody sees them, and offered for download in a header that nothing can break out of."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.files.kinds import EXTENSIONS, JPEG, PDF, PNG
from portal.files.names import clean_name, extension_of, with_extension
from portal.files.serving import disposition


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("保安図.pdf", "保安図.pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\misaki\図面.PDF", "図面.PDF"),
        ("evil\0.pdf", "evil.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie_ x=1.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("ハ\u3099ス停.jpg", "バス停.jpg"),
        ("", "file"),
        ("...", "file"),
        ("x" * 500 + ".pdf", "x" * 116 + ".pdf"),
        ('a"b<c>.png', "a_b_c_.png"),
        ("half\ud800.png", "half.png"),
        ("CON.png", "_CON.png"),
        ("console.png", "console.png"),
    ],
)
def test_names_are_cleaned(typed: str, cleaned: str) -> None:
    assert clean_name(typed) == cleaned


@given(st.text(st.characters(), max_size=300))
def test_any_name_becomes_one_that_is_safe_to_show(typed: str) -> None:
    name = clean_name(typed)
    assert 0 < len(name) <= 120
    assert not set(name) & set('/\\\0\r\n"')
    assert all(unicodedata.category(sign) not in {"Cc", "Cs", "Cf"} for sign in name)
    header = disposition(name)
    assert header.isascii()
    assert header.count('"') == 2
    assert "\n" not in header


def test_japanese_names_survive_the_download() -> None:
    assert disposition("保安図.pdf") == (
        "attachment; filename=\"file.pdf\"; filename*=UTF-8''%E4%BF%9D%E5%AE%89%E5%9B%B3.pdf"
    )


@pytest.mark.parametrize("media_type", [PDF, JPEG, PNG])
@given(st.text(st.characters(), max_size=300))
def test_every_name_ends_with_the_suffix_of_its_kind(media_type: str, typed: str) -> None:
    name = with_extension(clean_name(typed), media_type)
    assert extension_of(name) in EXTENSIONS[media_type]
    assert len(name) <= 120
    assert clean_name(name) == name


def test_endings_are_read_in_any_case() -> None:
    assert [extension_of(name) for name in ("a.PDF", "a", "a.tar.GZ")] == ["pdf", "", "gz"]

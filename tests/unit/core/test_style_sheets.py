"""A sheet that is written into a page finds its fonts where the sheet lies."""

import pytest

from portal.core.style_sheets import from_folder


@pytest.mark.parametrize(
    ("sheet", "told"),
    [
        ('url("./assets/a.woff2")', 'url("/static/dist/assets/a.woff2")'),
        ("url(./a.svg)", "url(/static/dist/a.svg)"),
        ("url(data:x)", "url(data:x)"),
    ],
)
def test_relative_addresses_are_those_of_the_folder(sheet: str, told: str) -> None:
    assert from_folder(sheet, "/static/dist") == told

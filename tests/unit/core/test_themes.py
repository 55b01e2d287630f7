"""Colours that a city may give its pages."""

import pytest

from portal.core.themes import contrast, is_own, is_readable, nearest_readable, style_of


@pytest.mark.parametrize(
    ("colour", "readable"),
    [
        ("#0a5c36", True),
        ("#00118f", True),
        ("#66cc99", False),
        ("#ffffff", False),
        ("#767676", False),
        ("#000000", True),
    ],
)
def test_text_must_be_readable_in_a_colour_on_paper_and_in_white_on_it(colour: str, readable: bool) -> None:
    assert is_readable(colour) is readable


def test_contrast_is_that_of_wcag_on_the_worst_ground() -> None:
    assert contrast("#767676") < 4.54  # what it has on white
    assert contrast("#ffffff") == 1


@pytest.mark.parametrize("colour", ["#66cc99", "#ffff00", "#ff6600", "#ffffff", "#e06090"])
def test_the_nearest_colour_is_readable_and_hardly_darker_than_it_must_be(colour: str) -> None:
    nearest = nearest_readable(colour)
    assert is_readable(nearest)
    assert contrast(nearest) < 4.75


def test_a_readable_colour_is_its_own_nearest() -> None:
    assert nearest_readable("#0a5c36") == "#0a5c36"


@pytest.mark.parametrize("theme", ["blue", "#0A5C36", "#0a5c3", "#0a5c36;}", "#0a5c36\n", ""])
def test_only_a_whole_colour_in_small_letters_is_written_into_a_style(theme: str) -> None:
    assert not is_own(theme)
    assert style_of("#0a5c36").startswith('[data-city="#0a5c36"]{--key:#0a5c36;')

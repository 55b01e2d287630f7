"""Which name is suggested: a slip of the pen is put right, the opposite is never offered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import check
from forms.catalogue.vocabulary import shipped
from forms.definition.nearness import OPPOSITES, SYNONYMS, are_opposite, near_name
from forms.fields import FIELD_TYPES
from tests.unit.forms.making import text, unhurried

FACTS = list(shipped().facts)
KEYS = [
    "inside",
    "intersects",
    "clear_of",
    "message",
    "show_when",
    "min_length",
    "max_length",
    "min",
    "max",
    "required",
]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("outside", None),
        ("mix", None),
        ("min_lenght", "min_length"),
        ("minlength", "min_length"),
        ("showWhen", "show_when"),
        ("show-when", "show_when"),
        ("requird", "required"),
        ("optional", None),
        ("mesage", "message"),
        ("mandatory", "required"),
        ("within", None),
    ],
)
def test_settings(written: str, meant: str | None) -> None:
    assert near_name(written, KEYS) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("died_on", None),
        ("moves_to_other_city", None),
        ("moved_to_other_city", None),
        ("moved_from_other_cty", "moved_from_other_city"),
        ("moved_in", None),
        ("has_dogs", "has_dog"),
        ("child_died_on", None),
        ("dog_lost_on", None),
        ("child_bron_on", "child_born_on"),
        ("has_cat", None),
        ("in_flood_zones", "in_flood_zone"),
    ],
)
def test_facts(written: str, meant: str | None) -> None:
    assert near_name(written, FACTS) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("string", "text"),
        ("boolean", "yes_no"),
        ("radio", "choice"),
        ("poligon", "polygon"),
        ("yesno", "yes_no"),
        ("computed", None),
        ("daterange", "date_range"),
        ("long-text", "long_text"),
    ],
)
def test_types(written: str, meant: str | None) -> None:
    assert near_name(written, FIELD_TYPES) == meant


@pytest.mark.parametrize(
    ("written", "name"), [("married", "unmarried"), ("visible", "invisible"), ("resident", "nonresident")]
)
def test_a_negation_is_the_opposite(written: str, name: str) -> None:
    assert are_opposite(written, name)
    assert near_name(written, [name]) is None


WORDS = sorted({word for group in OPPOSITES for word in group})


@unhurried
@given(st.sampled_from(WORDS), st.sampled_from(WORDS), st.sampled_from(["{}", "{}_on", "moved_{}_city", "is_{}"]))
def test_no_opposite_is_ever_suggested(name: str, second: str, pattern: str) -> None:
    suggestion = near_name(pattern.format(name), [pattern.format(second)])
    assert suggestion is None or not are_opposite(pattern.format(name), suggestion)
    if any(name in group and second in group for group in OPPOSITES) and name != second:
        assert suggestion is None


@unhurried
@given(st.sampled_from(FACTS + KEYS), st.data())
def test_a_letter_too_many_in_a_long_word_is_a_slip(name: str, data: st.DataObject) -> None:
    words = name.split("_")
    number = data.draw(st.sampled_from([at for at, word in enumerate(words) if len(word) > 2]))
    place = data.draw(st.integers(1, len(words[number]) - 1))
    words[number] = f"{words[number][:place]}q{words[number][place:]}"
    assert near_name("_".join(words), [name]) == name


def test_synonyms_do_not_name_the_opposite() -> None:
    assert not any(are_opposite(word, name) for word, names in SYNONYMS.items() for name in names)


def test_a_long_list_of_facts_begins_with_those_that_share_words() -> None:
    [fault] = [
        item for item in check(text(routing={"applies_when": "moves_to_other_city"})) if item.severity == "error"
    ]
    assert fault.remedy.startswith("使えるのは moved_from_other_city(")
    assert "move_kind(" in fault.remedy
    assert fault.remedy.count("(") < 16, "a wall of seventy questions helps nobody"
    assert "ほか" in fault.remedy

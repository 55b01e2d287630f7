"""What is counted takes the form that fits its number, where a language has several."""

from datetime import date
from fractions import Fraction

import pytest
from pydantic import ValidationError

from forms import document_of, load_document
from forms.evaluation.templates import shown_value
from forms.fields.base import ReadContext
from forms.fields.integer import IntegerField
from forms.text.localized import Text, Worded
from forms.text.units import Unit
from tests.kit.catalogue import loaded, procedure_files

COPIES = Unit.model_validate({"ja": "通", "en": {"one": "copy", "other": "copies"}, "zh": "份"})


@pytest.mark.parametrize(
    ("value", "language", "written"),
    [
        (1, "en", "1 copy"),
        (2, "en", "2 copies"),
        (0, "en", "0 copies"),
        (1.0, "en", "1 copy"),
        (Fraction(3, 2), "en", "1.5 copies"),
        (1, "ja", "1通"),
        (1, "zh", "1份"),
        ("—", "en", "— copies"),
    ],
)
def test_the_word_fits_the_number(value: object, language: str, written: str) -> None:
    number = f"{float(value):g}" if isinstance(value, int | float | Fraction) else str(value)
    assert COPIES.counted(value, number, language) == written


def test_a_shared_unit_has_its_forms() -> None:
    assert Unit.model_validate("人").counted(1, "1", "en") == "1 person"
    assert Unit.model_validate("人").counted(3, "3", "en") == "3 people"


@pytest.mark.parametrize("forms", [{"one": "copy"}, {"one": "copy", "few": "copies", "other": "copies"}, {"other": 3}])
def test_forms_are_those_of_the_language(forms: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="en の単位の形は、one、other で書き分けます"):
        Unit.model_validate({"ja": "通", "en": forms})


@pytest.mark.parametrize("typed", ["1 copy", "1copies", "1通", "1"])
def test_every_form_may_be_typed_behind_a_number(typed: str) -> None:
    field = IntegerField.model_validate({"id": "n", "type": "integer", "label": "通数", "unit": COPIES})
    assert field.parse(typed, ReadContext(date(2026, 11, 24))).value == 1


def test_words_that_are_counted_in_the_catalogue_have_both_forms_in_english() -> None:
    units = [
        (file.stem, field.unit)
        for file in procedure_files()
        for field in loaded(file).fields.values()
        if isinstance(field, IntegerField) and field.unit is not None
    ]
    several = [(key, unit) for key, unit in units if unit.for_language("en").endswith(("s", "children", "people"))]
    assert several
    assert [key for key, unit in several if unit.word_for(1, "en") == unit.word_for(2, "en")] == []


def test_a_unit_keeps_its_forms_when_a_definition_is_stored() -> None:
    """What is published is read from plain data."""
    definition = next(
        definition for definition in map(loaded, procedure_files()) if definition.procedure == "bulky-waste"
    )
    again = load_document(document_of(definition))
    unit = again.capacity[0].unit
    assert unit is not None
    assert [unit.counted(number, str(number), "en") for number in (1, 2)] == ["1 booking", "2 bookings"]
    assert document_of(again) == document_of(definition)


def test_the_name_of_an_option_is_explained_in_the_language_of_the_explanation() -> None:
    chair = Worded(Text.of("いす", en="Chair", zh="椅子"))
    assert [shown_value(chair, language) for language in ("ja", "en", "zh", "ko")] == ["いす", "Chair", "椅子", "いす"]
    assert chair == "いす"

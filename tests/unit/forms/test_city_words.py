"""Facts and items of a city's own: known wherever the shared ones are, published with what uses them."""

from datetime import date
from typing import Any

import pytest

from forms import DefinitionError, applies, check, diff, document_of, load, load_document, requirements
from forms.catalogue.vocabulary import Vocabulary, shipped, vocabulary_of
from forms.loading import vocabulary_in
from tests.unit.forms import making

TODAY = date(2026, 4, 1)
OWN: dict[str, Any] = {
    "items": {"farm.plot_number": {"label": {"ja": "区画番号", "en": "Plot number"}, "type": "integer"}},
    "facts": {
        "keeps_bees": {"type": "bool", "question": {"ja": "みつばちを飼っていますか。", "en": "Do you keep bees?"}},
        "bees_since": {"type": "date", "question": {"ja": "いつから飼っていますか。"}},
        "has_dog": {"type": "bool", "question": {"ja": "犬と暮らしていますか。"}},
    },
}


@pytest.fixture
def words() -> Vocabulary:
    return vocabulary_of(OWN)


def text(**changes: Any) -> str:
    return making.text(
        {"id": "plot", "type": "integer", "item": "farm.plot_number", "show_when": "keeps_bees"},
        routing={
            "life_events": ["business"],
            "applies_when": "keeps_bees",
            "deadline": {"days": 14, "after": "bees_since"},
        },
        **changes,
    )


def test_the_citys_words_come_after_those_of_the_base_and_reword_them_in_place(words: Vocabulary) -> None:
    assert list(words.facts)[:1] == list(shipped().facts)[:1]
    assert list(words.facts)[-2:] == ["keeps_bees", "bees_since"]
    question = words.facts["has_dog"].question
    assert question is not None
    assert question.ja == "犬と暮らしていますか。"
    assert vocabulary_of({}) is shipped()


def test_a_definition_asks_and_applies_by_the_citys_words(words: Vocabulary) -> None:
    made = load(text(), vocabulary=words)
    assert made.fields["plot"].label_in("en") == "Plot number"
    assert applies(made, {"keeps_bees": True}, today=TODAY) is True
    assert [(needed.name, needed.answers) for needed in requirements(made, today=TODAY)] == [("keeps_bees", (True,))]


def test_without_them_every_one_is_a_fault_with_its_place() -> None:
    with pytest.raises(DefinitionError) as faults:
        load(text())
    paths = {fault.path for fault in faults.value.diagnostics}
    assert paths >= {
        "steps.0.fields.0.item",
        "steps.0.fields.0.show_when",
        "routing.applies_when",
        "routing.deadline.after",
    }


def test_a_wrong_spelling_is_told_the_citys_word_and_what_it_asks(words: Vocabulary) -> None:
    remedies = [
        f"{fault.message}{fault.remedy}"
        for fault in check(text().replace('"keeps_bees"', '"keep_bees"'), vocabulary=words)
    ]
    assert any("keeps_bees" in line for line in remedies)
    remedies = [
        fault.remedy for fault in check(text().replace("farm.plot_number", "farm.plot_nunber"), vocabulary=words)
    ]
    assert any("farm.plot_number" in line for line in remedies)


def test_an_item_of_another_type_is_refused(words: Vocabulary) -> None:
    wrong = text().replace('"type": "integer"', '"type": "text"')
    assert any("integer の項目" in fault.message for fault in check(wrong, vocabulary=words))


def test_what_is_published_keeps_the_words_it_uses_and_no_others(words: Vocabulary) -> None:
    document = document_of(load(text(), vocabulary=words))
    assert document["vocabulary"] == {
        "items": OWN["items"],
        "facts": {name: OWN["facts"][name] for name in ("keeps_bees", "bees_since")},
    }
    again = load_document(document)
    assert again.fields["plot"].label_in("ja") == "区画番号"
    assert applies(again, {"keeps_bees": False}, today=TODAY) is False
    assert document_of(again) == document
    assert load(text(), vocabulary=vocabulary_in(document)).vocabulary.own_facts == {"keeps_bees", "bees_since"}
    assert "vocabulary" not in document_of(load(making.text(), vocabulary=words))


def test_the_difference_calls_a_fact_by_what_it_asks(words: Vocabulary) -> None:
    before, after = load(text(), vocabulary=words), load(text().replace("bees_since", "moved_on"), vocabulary=words)
    assert any("いつから飼っていますか。" in str(change) for change in diff(before, after))

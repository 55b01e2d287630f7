"""Every fact is either asked as a question or answered by the map."""

import pytest

from forms.catalogue.vocabulary import Fact, shipped


def test_a_fact_must_be_known_from_somewhere() -> None:
    with pytest.raises(ValueError, match="from_map"):
        Fact.model_validate({"type": "bool"})


def test_only_a_choice_has_options() -> None:
    question = {"ja": "どれですか。"}
    with pytest.raises(ValueError, match="options"):
        Fact.model_validate({"type": "choice", "question": question})
    with pytest.raises(ValueError, match="options"):
        Fact.model_validate({"type": "bool", "question": question, "options": {"a": {"ja": "あ"}}})


def test_facts_keep_their_order_because_it_breaks_ties() -> None:
    assert next(iter(shipped().facts)) == "moving"

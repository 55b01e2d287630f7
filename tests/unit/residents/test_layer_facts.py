"""What the map gives to a plan is told in the reader's language, as far as its layer has words for it."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy.orm import Session

from forms.catalogue.vocabulary import Fact
from forms.routing import KnownFact, answer_in_words
from portal.residents import layer_words

SCHOOL = Fact.model_validate(
    {
        "type": "string",
        "label": {"ja": "通う学校"},
        "question": {"ja": "どの学校ですか。"},
        "from_map": {"layer": "school-districts", "property": "school"},
    }
)
SECOND = {"school": "第二小学校", "school_カナ": "ダイニショウガッコウ", "school_英字": "Daini Elementary School"}


@pytest.fixture(autouse=True)
def layer_with_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A layer that knows one school in English by its words, and another by the column beside it."""
    words = {"第一小学校": {"en": "First Primary School"}}
    monkeypatch.setattr(layer_words, "entry_of", lambda _session, layer: layer == "school-districts" or None)
    monkeypatch.setattr(
        layer_words, "properties_with", lambda *at: SECOND if at[2:] == ("school", "第二小学校") else {}
    )
    monkeypatch.setattr(layer_words, "use_of", lambda _entry: SimpleNamespace(words=words))


@pytest.mark.parametrize(
    ("known", "language", "told"),
    [
        (KnownFact("第一小学校", "map", "school-districts"), "en", "First Primary School"),
        (KnownFact("第一小学校", "map", "school-districts"), "ja", "第一小学校"),
        (KnownFact("第二小学校", "map", "school-districts"), "en", "Daini Elementary School"),
        (KnownFact("第二小学校", "map", "school-districts"), "ko", "Daini Elementary School"),
        (KnownFact("第二小学校", "map", "school-districts"), "ja-easy", "第二小学校(だいにしょうがっこう)"),
        (KnownFact("第三小学校", "map", "school-districts"), "en", "第三小学校"),
        (KnownFact("第一小学校", "resident"), "en", "第一小学校"),
        (KnownFact("月曜日", "map", "collection-zones"), "en", "Monday"),
        (KnownFact("月・木", "map", "garbage-days"), "en", "every Mon and Thu"),
        (KnownFact("月・木", "map", "garbage-days"), "ja", "月・木"),
    ],
)
def test_a_value_of_a_layer_has_the_words_of_its_layer(known: KnownFact, language: str, told: str) -> None:
    facts: Any = layer_words.facts_in_layer_words(cast(Session, None), {"school": known}, {"school": SCHOOL})
    assert answer_in_words(SCHOOL, facts["school"].value, language) == told

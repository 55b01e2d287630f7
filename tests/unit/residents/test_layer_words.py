"""What a layer says in Japanese alone: weekdays are known in every language, other words where the layer has them."""

from typing import cast

import pytest
from sqlalchemy.orm import Session

from forms.text.localized import Worded
from portal.residents import layer_words


def test_a_weekday_needs_no_words_of_its_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer_words, "entry_of", lambda session, layer: None)
    monkeypatch.setattr(layer_words, "properties_with", lambda session, layer, column, value: {})
    told = layer_words.in_words(cast(Session, None), "collection-zones", "days", "木曜日")
    assert isinstance(told, Worded)
    shown = [told.text.for_language(language) for language in ("ja", "ja-easy", "en", "zh", "ko")]
    assert shown == ["木曜日", "木(もく)曜日(ようび)", "Thursday", "星期四", "목요일"]
    assert layer_words.in_words(cast(Session, None), "roads", "price", 7440) == 7440
    other = layer_words.in_words(cast(Session, None), "collection-zones", "zone", ["錦・羽衣地区"])
    assert other == ["錦・羽衣地区"]

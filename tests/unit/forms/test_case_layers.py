"""A layer of cases names questions beside its place and states of its workflow; what it names wrongly is said at its line."""

import pytest

from forms import check
from tests.kit.catalogue import shipped_source

SOURCE = shipped_source("road-occupancy")


@pytest.mark.parametrize(
    ("old", "new", "word", "remedy"),
    [
        ("case_layer: {answers: [object,", "case_layer: {answers: [objekt,", "「objekt」という質問は", "object"),
        ("answers: [object]\n", "answers: [plans]\n", "「plans」の答えは、地図の層では出せません", "選択肢"),
        (
            "states: [approved]\n          answers",
            "states: [aproved]\n          answers",
            "「aproved」という状態は",
            "approved",
        ),
        ("exactness: exact", "exactness: street", "streets", ""),
        ("exactness: exact", "exactness: about", "exactness", ""),
        ("days_before: 14", "days_before: -1", "days_before", ""),
    ],
)
def test_a_wrong_name_in_a_layer_of_cases_is_an_error_at_its_line(old: str, new: str, word: str, remedy: str) -> None:
    assert old in SOURCE
    source = SOURCE.replace(old, new, 1)
    errors = [fault for fault in check(source) if fault.severity == "error"]
    line = next(number for number, text in enumerate(source.splitlines(), 1) if new.splitlines()[0].strip() in text)
    [fault] = errors
    assert word in fault.path + fault.message + fault.remedy
    assert remedy in fault.remedy
    assert abs(fault.line - line) <= 8

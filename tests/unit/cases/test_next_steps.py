"""What who finishes at the counter is told to do, whatever of the day and the deadline is known."""

from datetime import timedelta

import pytest

from forms import load, workflow_of
from forms.evaluation.visits import Visit
from portal.cases.next_steps import next_step_of
from portal.core.clock import today
from tests.kit.catalogue import shipped_source


@pytest.mark.parametrize(
    ("state", "when", "days_left", "words"),
    [
        ("received", "", None, "市の職員が中身を見ます。準備ができたら、市役所の窓口に来てください。"),
        ("accepted", "", None, "市役所の窓口に来てください。"),
        ("accepted", "明日", 0, "明日に、市役所の窓口に来てください。"),
        (
            "accepted",
            "",
            -1,
            "期限を過ぎています。できるだけ早く、市役所の窓口に来てください。",
        ),
        ("correcting", "", None, "市役所からの連絡を読んで、直して送ってください。"),
        ("completed", "", None, "していただくことは、もうありません。"),
    ],
)
def test_it_says_to_come_while_somebody_has_to(state: str, when: str, days_left: int | None, words: str) -> None:
    definition = load(shipped_source("seal-registration"))
    until = None if days_left is None else today() + timedelta(days=days_left)
    visit = Visit(when, (), until)
    assert next_step_of(definition, workflow_of(definition).states[state], (), "ja", visit) == words

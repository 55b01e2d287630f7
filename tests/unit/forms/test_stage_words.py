"""What applicants read while a stage is being worked on is what the definition says of it."""

from forms import workflow_of
from tests.unit.forms.making import definition, field

STAGE = {
    "id": "survey",
    "title": {"ja": "現地調査", "en": "Survey"},
    "after": "accepted",
    "role": "inspector",
}


def test_a_stage_announces_itself_and_says_what_to_do() -> None:
    told = STAGE | {
        "announcement": {"ja": "調査します", "en": "We will come"},
        "next_step": {"ja": "家にいてください。"},
    }
    made = definition(field("note", "text"), workflow={"preset": "certificate", "stages": [told]})
    state = workflow_of(made).states["survey"]
    assert state.announced_in("en") == "We will come"
    assert state.next_step_in("ja") == "家にいてください。"


def test_a_stage_without_words_is_announced_by_its_name() -> None:
    made = definition(field("note", "text"), workflow={"preset": "certificate", "stages": [STAGE]})
    state = workflow_of(made).states["survey"]
    assert state.announced_in("en") == "Survey"
    assert state.next_step_in("en") == ""

"""Words that contradict what a definition does are pointed out."""

from typing import Any

import pytest

from forms import check
from tests.unit.forms.making import definition, field, text


def advice(*fields: dict[str, Any], **parts: Any) -> list[str]:
    return [diagnostic.message for diagnostic in check(text(*fields, **parts)) if diagnostic.severity == "advice"]


def named(*states: dict[str, Any]) -> dict[str, Any]:
    return {"preset": "certificate", "states": list(states)}


@pytest.mark.parametrize(
    ("state", "is_said"),
    [
        ({"id": "issued", "title": {"ja": "交付済み"}}, True),
        ({"id": "issued", "title": {"ja": "交付済み"}, "short": {"ja": "交付"}}, False),
        ({"id": "issued", "short": {"ja": "お渡ししました"}}, True),
        ({"id": "refused", "title": {"ja": "お断りしました"}}, False),
    ],
)
def test_steps_to_come_are_not_named_as_past(state: dict[str, Any], is_said: bool) -> None:
    advices = [message for message in advice(workflow=named(state)) if "まだ来ていない段階" in message]
    assert bool(advices) is is_said


def test_a_report_is_not_called_an_application() -> None:
    question = field("note", "text", help={"ja": "この申請に書くことです。"})
    said = "住民が送るものは「連絡」ですが、この文は「申請」と呼んでいます。"
    assert said in advice(question, kind="report", workflow={"preset": "report"})
    own = {"kind": "report", "submission": {"ja": "申請"}, "workflow": {"preset": "report"}}
    assert said not in advice(question, **own)


def test_a_step_for_paying_needs_a_fee() -> None:
    states = named({"id": "awaiting_payment", "kind": "awaiting_payment"})
    assert any("料金(fee)はありません" in message for message in advice(workflow=states))


def test_what_is_sent_has_the_word_of_its_kind_or_its_own() -> None:
    words = [
        definition(kind=kind, workflow={"preset": "notification"}, **own).submission_word.ja
        for kind, own in [("notification", {}), ("booking", {}), ("permit", {}), ("report", {"submission": "通報"})]
    ]
    assert words == ["届出", "申込み", "申請", "通報"]

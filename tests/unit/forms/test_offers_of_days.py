"""What is checked of questions that offer days, and of the earliest day and the deadline that are one setting."""

from datetime import date

from forms import load
from forms.checks.check import check
from forms.fields.date_range import DateRangeField
from forms.text.localized import Text
from tests.kit.catalogue import catalogue

MONDAY = date(2026, 11, 30)
SOURCE = """
procedure: try-days
kind: booking
title: {{ja: 試し}}
department: environment
{more}
languages: [ja]
steps:
  - id: page
    title: {{ja: 日}}
    fields:
      - {{id: zone, type: choice, label: 地区, options: [{{id: a, label: 北, values: {{weekday: 木曜日}}}}]}}
      - {{id: day, type: date, label: {{ja: 日}}, {day}}}
workflow: {{preset: notification}}
"""


def source(day: str, more: str = "standard_days: 3") -> str:
    return SOURCE.format(day=day, more=more)


def said(day: str, more: str = "standard_days: 3") -> dict[str, str]:
    """Level and text of what the check says of the question."""
    diagnostics = check(source(day, more), today=MONDAY)
    return {
        f"{diagnostic.message}{diagnostic.remedy}"
        if "deadline は" in diagnostic.remedy
        else diagnostic.message: diagnostic.severity
        for diagnostic in diagnostics
        if "fields.1" in diagnostic.path
    }


def test_an_offer_by_the_weekday_of_an_answer_has_nothing_wrong() -> None:
    assert (
        said("min: today+3d, max: today+60d, offer: {weekday: zone.weekday, rule: '{zone.label}は{weekdays}です。'}")
        == {}
    )


def test_an_offer_that_can_never_offer_a_day_is_an_error() -> None:
    never = said("min: today+3d, max: today+60d, open_days_only: true, offer: {weekdays: [sat, sun]}")
    assert never["質問「day」には、選べる日が1日もありません。"] == "error"
    (sometimes, level) = next(iter(said("min: today, max: today+2d, open_days_only: true, offer: {}").items()))
    assert "に申請する人には、質問「day」で選べる日がありません。" in sometimes
    assert level == "advice"


def test_a_weekday_and_words_of_a_rule_are_expressions() -> None:
    for offer in ("weekday: zone.weekdy", "rule: '{zone.labl}です。'"):
        assert list(said(f"min: today, max: today+60d, offer: {{{offer}}}").values()) == ["error"]


def test_the_earliest_day_follows_the_deadline() -> None:
    deadline = "standard_days: 3\nrouting: {life_events: [building], applies_when: occupies_road, deadline: {days: 14, before: occupancy_start}}"
    definition = load(source("min: deadline, max: today+90d", deadline))
    assert getattr(definition.fields["day"], "min", None) == "today+14d"
    assert said("min: deadline, max: today+90d", deadline) == {}
    (other,) = said("min: today+7d, max: today+90d", deadline).items()
    assert other == ("質問「day」は7日後から選べますが、案内の期限は14日前までです。", "advice")
    assert any("min の deadline は" in text for text in said("min: deadline, max: today+90d"))


def test_a_shipped_permit_takes_its_earliest_day_from_its_deadline() -> None:
    definition = load(catalogue()["road-occupancy"])
    period = definition.fields["period"]
    assert isinstance(period, DateRangeField)
    assert definition.routing is not None
    assert definition.routing.deadline is not None
    assert period.min == f"today+{definition.routing.deadline.days}d"
    assert isinstance(period.help, Text)
    assert "14日" not in period.help.ja

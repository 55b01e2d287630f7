"""Days that are offered: which they are, what is said of the others, and how a page shows them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from forms.fields import ReadContext
from forms.fields.date import DateField
from forms.fields.day_offer import DayRule, named_weekdays
from forms.fields.shown_days import shown_days

MONDAY = date(2026, 11, 30)


def question(offer: dict[str, object], **settings: object) -> DateField:
    settings = {"min": "today+3d", "max": "today+60d", **settings}
    return DateField.model_validate({"id": "day", "type": "date", "offer": offer, **settings})


def offered(field: DateField, today: date = MONDAY) -> list[date]:
    return field.offered_days(ReadContext(today)) or []


@pytest.mark.parametrize(
    ("text", "weekdays"),
    [
        ("木曜日", {3}),
        ("月・木", {0, 3}),
        ("毎週月曜・木曜", {0, 3}),
        ("火曜日と金曜日", {1, 4}),
        ("日曜日", {6}),
        ("Thu", {3}),
        ("Mondays and Thursdays", {0, 3}),
        ("第2水曜日", set()),
        ("来週", set()),
        ("", set()),
    ],
)
def test_weekdays_are_read_as_cities_write_them(text: str, weekdays: set[int]) -> None:
    assert named_weekdays(text) == weekdays


def test_days_of_the_weekday_between_first_and_last_are_offered_but_for_those_closed() -> None:
    days = offered(question({"weekdays": ["thu"], "closed": ["12-31", "2026-12-10"]}))
    assert days[:3] == [date(2026, 12, 3), date(2026, 12, 17), date(2026, 12, 24)]
    assert date(2026, 12, 31) not in days
    assert days[-1] == date(2027, 1, 28)


def test_another_day_is_refused_with_the_rule_in_words() -> None:
    field = question({"weekdays": ["thu"]})
    (error,) = field.check("2026-12-09", ReadContext(MONDAY))
    assert error.message("ja") == "2026年12月9日(水)は選べません。選べるのは木曜日です。ほかの日を選んでください。"
    in_words = ReadContext(MONDAY, day_rule=lambda _field: DayRule(frozenset({3}), "栄・高松・曙地区は木曜日です。"))
    (error,) = field.check("2026-12-09", in_words)
    assert "栄・高松・曙地区は木曜日です。" in error.message("ja")
    assert not field.check("2026-12-10", in_words)
    (too_soon,) = field.check("2026-12-02", in_words)
    assert too_soon.code == "date_min"


def test_nobody_can_choose_where_no_weekday_is_known() -> None:
    field = question({"weekday": "spot.weekday"})
    assert field.offered_days(ReadContext(MONDAY)) is None  # not answered yet: nothing is offered, nothing refused
    assert field.check("2026-12-09", ReadContext(MONDAY)) == []
    none = ReadContext(MONDAY, day_rule=lambda _field: DayRule(frozenset(), ""))
    assert [error.code for error in field.check("2026-12-09", none)] == ["date_none_offered"]


def test_open_days_of_the_city_hall_alone_where_the_question_says_so() -> None:
    days = offered(question({}, open_days_only=True, max="today+40d"))
    assert all(day.weekday() < 5 for day in days)
    assert date(2026, 12, 29) not in days
    assert date(2027, 1, 1) not in days
    assert date(2026, 12, 28) in days


def test_an_offer_needs_its_first_and_last_day() -> None:
    with pytest.raises(ValidationError, match="min と max"):
        DateField.model_validate({"id": "day", "type": "date", "offer": {}, "min": "today"})
    with pytest.raises(ValidationError, match="どちらか1つ"):
        question({"weekdays": ["thu"], "weekday": "spot.weekday"})


@given(
    start=st.dates(date(2020, 1, 1), date(2040, 12, 31)),
    gaps=st.lists(st.integers(1, 20), min_size=1, max_size=60),
    show=st.integers(1, 31),
    full=st.sets(st.integers(0, 59)),
    chosen=st.integers(0, 59),
)
def test_every_free_day_can_be_chosen_once_and_no_full_one(
    start: date, gaps: list[int], show: int, full: set[int], chosen: int
) -> None:
    days = [start + timedelta(days=sum(gaps[:number])) for number in range(len(gaps))]
    taken = {days[number].isoformat() for number in full if number < len(days)}
    own = days[chosen % len(days)].isoformat()
    shown = shown_days(days, show, taken, {}, own)
    cells = [cell for month in shown.months for week in month.weeks for cell in week if cell is not None]
    choices = [entry.day for entry in shown.listed if not entry.is_full]
    choices += [cell.day for cell in cells if cell.standing == "free"]
    assert sorted(choices) == [day for day in days if day.isoformat() not in taken - {own}]
    assert sum(not entry.is_full for entry in shown.listed) <= show
    assert all(len(week) == 7 for month in shown.months for week in month.weeks)
    assert all(week[0] is None or week[0].day.weekday() == 6 for month in shown.months for week in month.weeks)

"""Numbers, money, days, periods and times, with their limits."""

from datetime import date

import pytest

from forms.fields.bounds import resolve
from forms.fields.example_day import example_birthday, example_day
from forms.text.safety import my_number_check_digit
from tests.unit.fields.making import CONTEXT, TODAY, codes, make, read, value_of


@pytest.mark.parametrize(("typed", "number"), [("３", 3), ("1,200", 1200), (" 007 ", 7), ("＋5", 5)])
def test_integers(typed: str, number: int) -> None:
    assert value_of(make("integer"), _=typed) == number


@pytest.mark.parametrize("typed", ["1.5", "三つ", "1,2", "--1", "1e3", "9" * 30, "〜3"])
def test_texts_that_are_not_integers(typed: str) -> None:
    assert codes(read(make("integer"), _=typed)) == [("", "integer")]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("3枚", 3),
        ("３ 枚", 3),
        ("3.0", 3),
        ("3.", 3),
        ("三", 3),
        ("十二枚", 12),
        ("1,000枚", 1000),
        ("3 sheets", 3),
        ("\u200b3", 3),
        ("３．０枚", 3),
        ("3まい", 3),
        ("1 sheet", 1),
        ("1.5万枚", 15_000),
        ("二○枚", 20),
    ],
)
def test_a_whole_number_as_people_write_it(typed: str, number: int) -> None:
    field = make("integer", unit={"ja": "枚", "ja-easy": "枚(まい)", "en": "sheets"})
    assert value_of(field, _=typed) == number


def test_another_unit_is_no_number() -> None:
    assert codes(read(make("integer", unit={"ja": "枚"}), _="3通")) == [("", "integer")]
    for typed in ("２．５ｍ", "2.5メートル", "2.5 metres", "2.5㍍"):
        assert value_of(make("number", unit={"ja": "m"}), _=typed) == 2.5
    for typed in ("2.5㎡", "2.5m2", "2.5平方メートル", "2.5平米"):
        assert value_of(make("number", unit={"ja": "㎡", "en": "m²"}), _=typed) == 2.5
    assert value_of(make("number"), _=".5") == 0.5


def test_limits_of_a_number() -> None:
    field = make("integer", min=1, max=10, unit={"ja": "通"})
    assert read(field, _="0").errors[0].message("ja") == "1以上の数にしてください。"
    assert read(field, _="11").errors[0].message("ja") == "10以下の数にしてください。"
    assert field.show(3, "ja") == "3通"


def test_numbers_with_decimals() -> None:
    field = make("number", decimals=1, unit={"ja": "cm"})
    assert value_of(field, _="１２．５") == 12.5
    assert codes(read(field, _="12.55")) == [("", "number_decimals")]
    assert codes(read(field, _="NaN")) == [("", "number")]
    assert field.show(40.0, "ja") == "40 cm"


def test_a_my_number_is_no_count() -> None:
    number = "12345678901" + str(my_number_check_digit("12345678901"))
    assert codes(read(make("integer"), _=number)) == [("", "my_number")]
    assert value_of(make("integer"), _="123456789012") == 123_456_789_012


def test_true_is_not_a_number() -> None:
    for kind in ("integer", "number", "money"):
        assert make(kind).check(True, CONTEXT)


def test_money() -> None:
    field = make("money")
    assert value_of(field, _="￥1,200") == 1200
    for typed in (
        "１２００円",
        "1,200円也",
        "¥1,200-",
        "金1,200円",
        "1200yen",
        "千二百円",
        "1,200.00",
        "1200えん",
        "0.12万円",
    ):
        assert value_of(field, _=typed) == 1200
    assert value_of(field, _="30万円") == 300_000
    assert field.show(1200, "ja") == "1,200円"


def test_settings_that_no_answer_could_meet() -> None:
    for kind, settings in (
        ("integer", {"min": 3, "max": 2}),
        ("number", {"min": 3, "max": 2}),
        ("date", {"min": "soon"}),
    ):
        with pytest.raises(ValueError, match="。"):
            make(kind, **settings)


@pytest.mark.parametrize(
    ("bound", "day"),
    [
        ("today", TODAY),
        ("today+7d", date(2026, 11, 30)),
        ("fiscal_year_start+1y", date(2027, 4, 1)),
        ("fiscal_year_end", date(2027, 3, 31)),
        ("today-2w", date(2026, 11, 9)),
        ("today+3m", date(2027, 2, 23)),
        ("today-130y", date(1896, 11, 23)),
        ("2026-04-01", date(2026, 4, 1)),
    ],
)
def test_bounds(bound: str, day: date) -> None:
    assert resolve(bound, TODAY) == day


def test_a_month_without_that_day_ends_on_its_last() -> None:
    assert resolve("today+1m", date(2026, 1, 31)) == date(2026, 2, 28)
    assert resolve("today-99999y", TODAY) == date.min


def test_dates_and_their_limits() -> None:
    field = make("date", min="today+7d", max="today+30d")
    assert value_of(field, _="令和8年11月30日") == "2026-11-30"
    assert read(field, _="2026/11/29").errors[0].message("ja") == "2026年11月30日(月)か、それより後の日にしてください。"
    assert codes(read(field, _="2026/12/24")) == [("", "date_max")]
    assert codes(read(make("date", max="today"), _="2026/11/24")) == [("", "date_past")]


@pytest.mark.parametrize("typed", ["2026/11/28", "2026/11/23", "2026/12/29", "2027/1/3"])
def test_days_on_which_the_city_hall_is_closed(typed: str) -> None:
    assert codes(read(make("date", open_days_only=True), _=typed)) == [("", "date_closed")]


def test_an_open_day() -> None:
    assert value_of(make("date", open_days_only=True), _="2026/11/24") == "2026-11-24"


def test_a_birthday_names_the_right_era() -> None:
    reading = read(make("birthday"), _="昭和65年4月2日")
    assert "平成2年ではありませんか" in reading.errors[0].message("ja")
    assert make("birthday").show("1990-04-02", "ja") == "1990年4月2日(平成2年)"
    assert codes(read(make("birthday"), _="2026/11/24")) == [("", "date_past")]


def test_periods() -> None:
    field = make("date_range", max_days=365)
    value = value_of(field, start="R8.4.10", end="２０２６／５／２１")
    assert value == {"start": "2026-04-10", "end": "2026-05-21"}
    period = field.cel_values(value, {})
    assert (period["days"], period["months"], period["years"]) == (42, 2, 1)
    assert field.show(value, "ja") == "2026年4月10日(金)〜2026年5月21日(木)"


@pytest.mark.parametrize(
    ("start", "end", "errors"),
    [
        ("2026/4/10", "2026/4/9", [("end", "range_order")]),
        ("2026/4/10", "", [("end", "date_end_missing")]),
        ("", "2026/4/10", [("start", "date_start_missing")]),
        ("2026/2/30", "きょう", [("start", "date_none"), ("end", "date_format")]),
        ("2026/4/10", "2027/4/10", [("end", "range_long")]),
    ],
)
def test_a_period_says_which_end_to_fix(start: str, end: str, errors: list[tuple[str, str]]) -> None:
    assert codes(read(make("date_range", max_days=365), start=start, end=end)) == errors


def test_times() -> None:
    field = make("time", min="08:30", max="16:30", step_minutes=30)
    assert value_of(field, _="午前９時") == "09:00"
    assert codes(read(field, _="9:10")) == [("", "time_step")]
    assert codes(read(field, _="17:00")) == [("", "time_range")]
    assert field.show("09:00", "ja") == "9時"


@pytest.mark.parametrize(
    ("earliest", "latest"),
    [
        (None, None),
        ("today+3d", "today+60d"),
        ("today+3d", "today+4d"),
        ("today-1y", "today"),
        ("today", "today"),
        ("2031-04-01", None),
        (None, "2001-03-31"),
        ("2031-04-01", "2031-04-02"),
    ],
)
def test_the_example_of_a_day_is_one_that_the_question_takes(earliest: str | None, latest: str | None) -> None:
    day = str(example_day(earliest, latest, TODAY))
    assert make("date", min=earliest, max=latest).check(day, CONTEXT) == []
    birthday = str(example_birthday(earliest, latest, TODAY))
    assert make("birthday", min=earliest or "today-130y", max=latest or "today").check(birthday, CONTEXT) == [] or (
        earliest is not None and earliest > str(TODAY)
    )


def test_the_example_of_an_open_day_is_none_on_which_the_city_hall_is_closed() -> None:
    for ahead in range(14):
        day = str(example_day(f"today+{ahead}d", None, TODAY, open_days_only=True))
        assert make("date", min=f"today+{ahead}d", open_days_only=True).check(day, CONTEXT) == []


def test_few_times_are_chosen_and_many_are_typed() -> None:
    assert make("time", min="08:30", max="10:00", step_minutes=30).choices == ["08:30", "09:00", "09:30", "10:00"]
    assert make("time", min="08:45", max="10:00", step_minutes=30).choices == ["09:00", "09:30", "10:00"]
    assert len(make("time", step_minutes=30).choices) == 48
    assert make("time", step_minutes=15).choices == []
    assert make("time", min="09:00", max="09:30").choices == []

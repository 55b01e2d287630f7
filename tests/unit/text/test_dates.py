"""Dates are read however people in Japan write them, and a date that does not exist is explained."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.text.dates import (
    FIRST_YEAR,
    LAST_YEAR,
    UnreadableDate,
    iso_date,
    near_date,
    parse_date,
    parse_time,
)
from forms.text.eras import ERAS, era_of, era_year
from forms.text.ways import WAYS, ways_of


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23",
        "2026/11/23",
        "2026.11.23",
        "20261123",
        "2026年11月23日",
        "２０２６／１１／２３",
        "令和8年11月23日",
        "令和８年１１月２３日",
        "R8.11.23",
        "r8/11/23",
        "令8.11.23",
        "㋿8年11月23日",
        " 令和 8年 11月 23日 ",
        "2026年11月23日(月)",
        "2026年11月23日（月）",
        "2026年11月23日 月曜日",
        "2026年11月23日(月曜日)",
        "2026年11月23日(月・祝)",
        "令和八年十一月二十三日",
        "二〇二六年十一月二十三日",
        "R081123",
        "令和081123",
        "R8-11-23",
        "2026年11月23日(令和8年)",
        "23 November 2026 (Mon)",
        "Mon, 23 Nov 2026",
        "November 23, 2026",
        "2026 11 23",
        "西暦2026年11月23日",
        "2026・11・23",
        "令８・１１・２３",
        "2026年11月23日(祝)",
        "2026年11月23日生まれ",
        "Reiwa 8/11/23",
        "11月23日 2026年",
        "2026/11/23\u200e",
        "2026年11月23日 月",
        "2026 年 11 月 23 日",
        "2026年11月23日［月］",
        "2026年11月23日【月】",
        "2026年11月23日、月曜日",
        "2026年11月23日(祝・月)",
        "2026年11月23日(月) 祝日",
        "(月)2026年11月23日",
        "月曜日 2026年11月23日",
        "令和8年11月23日(月)",
        "令和8年(2026年)11月23日",
        "2026年(令和8年)11月23日",
        "2026(令和8)年11月23日",
        "令和8(2026)年11月23日",
        "2026年（令和八年）11月23日（月）",
        "令和八年十一月廿三日",
        "令和八年拾壱月弐拾参日",
        "二○二六年十一月二十三日",
        "2026年11月23日生れ",
        "2026-11-23T00:00:00",
        "2026/11/23 0:00:00",
        "2026,11,23",
        "11/23/2026",
        "23.11.2026",
        "2026 November 23",
        "23-Nov-2026",
        "2026年11月23日(Mon.)",
        "れいわ8年11月23日",
        "ﾚｲﾜ8年11月23日",
        "2026ねん11がつ23にち",
        "㋿八年十一月二十三日",
    ],
)
def test_reads_a_date_in_any_usual_writing(text: str) -> None:
    assert parse_date(text) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("令和元年5月1日", date(2019, 5, 1)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("平成元年1月8日", date(1989, 1, 8)),
        ("大正15年12月24日", date(1926, 12, 24)),
        ("明治45年7月29日", date(1912, 7, 29)),
    ],
)
def test_knows_where_each_era_begins_and_ends(text: str, day: date) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("昭和65年1月1日", "平成2年"),
        ("平成31年5月1日", "令和元年"),
        ("平成元年1月7日", "昭和64年"),
        ("S64.1.8", "平成元年"),
        ("令和元年4月30日", "平成31年"),
        ("R010430", "平成31年"),
        ("2026年11月23日(令和7年)", "令和8年"),
        ("2026年(令和7年)11月23日", "令和8年"),
        ("令和8年(2025年)11月23日", "2026年"),
        ("平成元年(2019年)5月1日", "1989年"),
    ],
)
def test_a_year_outside_its_era_names_the_right_year(text: str, right: str) -> None:
    with pytest.raises(UnreadableDate) as refused:
        parse_date(text)
    assert refused.value.code == "date_era"
    assert refused.value.values["right"] == right


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026年2月30日", "date_none"),
        ("2025/2/29", "date_none"),
        ("2026/13/1", "date_month"),
        ("1600/1/1", "date_year"),
        ("9999/1/1", "date_year"),
        ("2026年11月23日(火)", "date_weekday"),
        ("2月29日 2023", "date_none"),
        ("260230", "date_format"),
        ("来週", "date_format"),
        ("11/23", "date_format"),
        ("3/4/2026", "date_order"),
        ("23/23/2026", "date_month"),
        ("2026年11月23日 (日)", "date_weekday"),
        ("令和8年11月23日 火", "date_weekday"),
        ("令和0年1月1日", "date_format"),
        ("", "date_format"),
    ],
)
def test_an_invalid_date_says_why(text: str, code: str) -> None:
    with pytest.raises(UnreadableDate) as refused:
        parse_date(text)
    assert refused.value.code == code


def test_the_last_day_of_the_month_is_named() -> None:
    with pytest.raises(UnreadableDate) as refused:
        parse_date("2028年2月30日")
    assert refused.value.values["last"] == 29


days = st.dates(date(FIRST_YEAR, 1, 25), date(LAST_YEAR, 12, 31))


@settings(deadline=None)
@given(days)
def test_a_day_written_in_its_era_is_read_back(day: date) -> None:
    assert parse_date(f"{era_year(day)}{day.month}月{day.day}日") == day
    assert parse_date(f"{day.year}/{day.month}/{day.day}") == day


def test_a_first_year_is_repeated_as_it_is_written() -> None:
    with pytest.raises(UnreadableDate) as refused:
        parse_date("令和元年4月30日")
    assert refused.value.values["written"] == "令和元年4月30日"


@settings(deadline=None)
@given(days, st.sampled_from(list(WAYS)))
def test_every_date_as_shown_is_read_back(day: date, language: str) -> None:
    ways = ways_of(language)
    assert parse_date(ways.show_date(day)) == day
    assert parse_date(ways.show_birthday(day)) == day
    assert parse_date(ways.show_short_date(day, year=True)) == day


@settings(deadline=None)
@given(st.integers(0, 23), st.integers(0, 59), st.sampled_from(list(WAYS)))
def test_every_time_as_shown_is_read_back(hour: int, minute: int, language: str) -> None:
    assert parse_time(ways_of(language).show_time(hour, minute)) == f"{hour:02}:{minute:02}"


@settings(deadline=None)
@given(days)
def test_every_day_has_one_era(day: date) -> None:
    era_and_year = era_of(day)
    assert era_and_year is not None
    era, year = era_and_year
    assert era.western(year) == day.year
    assert year >= 1
    assert era.start <= day
    assert era in ERAS


@settings(deadline=None)
@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        day = parse_date(text)
    except UnreadableDate:
        return
    assert FIRST_YEAR <= day.year <= LAST_YEAR


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("9:30", "09:30"),
        ("９：３０", "09:30"),
        ("9時", "09:00"),
        ("午後2時30分", "14:30"),
        ("午後2時半", "14:30"),
        ("午前12時", "00:00"),
        ("午後12時", "12:00"),
        ("0930", "09:30"),
        ("23:59", "23:59"),
        ("2:00 PM", "14:00"),
        ("2 p.m.", "14:00"),
        ("PM 2:30", "14:30"),
        ("12:15 am", "00:15"),
        ("12 PM", "12:00"),
        ("正午", "12:00"),
        ("午後二時半", "14:30"),
        ("午前零時", "00:00"),
        ("14時(じ)30分(ふん)", "14:30"),
        ("930", "09:30"),
        ("14:30:00", "14:30"),
        ("14.30", "14:30"),
        ("2.00 pm", "14:00"),
        ("12 noon", "12:00"),
        ("midnight", "00:00"),
        ("午后2時", "14:00"),
        ("ごご2じはん", "14:30"),
        ("9じ5ふん", "09:05"),
    ],
)
def test_reads_a_time(text: str, clock: str) -> None:
    assert parse_time(text) == clock


@pytest.mark.parametrize("text", ["24:00", "9:60", "午後13時", "12:", "あさ", "999", "13 PM", "午前2時 PM", "0:30 pm"])
def test_rejects_invalid_times(text: str) -> None:
    with pytest.raises(UnreadableDate):
        parse_time(text)


def test_stored_dates_are_strict() -> None:
    assert iso_date("2026-11-23") == date(2026, 11, 23)
    for other in ("20261123", "2026-W48-1", "2026-2-3", "0001-01-01", 20261123, None, ["2026-11-23"]):
        assert iso_date(other) is None


def test_a_date_is_shown_with_its_weekday() -> None:
    shown = {language: ways.show_date(date(2026, 11, 23)) for language, ways in WAYS.items()}
    assert shown == {
        "ja": "2026年11月23日(月)",
        "ja-easy": "2026年(ねん)11月(がつ)23日(にち) 月(げつ)曜日(ようび)",
        "en": "Monday, 23 November 2026",
        "zh": "2026年11月23日（周一）",
        "ko": "2026년 11월 23일(월)",
    }


def test_a_day_where_there_is_little_room_cannot_be_mistaken_for_another() -> None:
    """12/10 is the twelfth of October to many who read English."""
    shown = [ways.show_month_and_day(date(2026, 12, 10)) for ways in WAYS.values()]
    assert shown == ["12/10", "12月(がつ)10日(とおか)", "10 Dec", "12月10日", "12월 10일"]


def test_a_birthday_is_shown_with_the_year_of_its_era_where_papers_have_it() -> None:
    born = date(1989, 1, 8)
    assert ways_of("ja").show_birthday(born) == "1989年1月8日(平成元年)"
    assert ways_of("en").show_birthday(born) == "8 January 1989"
    assert ways_of("zh").show_birthday(born) == "1989年1月8日（平成元年）"
    assert ways_of("ko").show_birthday(born) == "1989년 1월 8일(헤이세이 1년)"


@pytest.mark.parametrize(
    "text",
    [
        "2026年11月23号 星期一",
        "2026年11月23日 周一",
        "2026년 11월 23일 월요일",
        "레이와 8년 11월 23일",
        "2026년11월23일",
    ],
)
def test_readers_of_chinese_and_korean_write_days_their_way(text: str) -> None:
    assert parse_date(text) == date(2026, 11, 23)


@pytest.mark.parametrize("text", ["下午2点半", "下午2:30", "오후 2시 반", "오후 2시 30분", "14点30分", "14时30分"])
def test_readers_of_chinese_and_korean_write_times_their_way(text: str) -> None:
    assert parse_time(text) == "14:30"


TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("きのう", date(2026, 11, 29)),
        ("昨日", date(2026, 11, 29)),
        ("今日(きょう)", date(2026, 11, 30)),
        ("Tomorrow", date(2026, 12, 1)),
        ("the day before yesterday", date(2026, 11, 28)),
        ("后天", date(2026, 12, 2)),
        ("어제", date(2026, 11, 29)),
        ("내일", date(2026, 12, 1)),
        ("11月29日", date(2026, 11, 29)),
        ("１２／２０", date(2026, 12, 20)),
        ("11月29日(日)", date(2026, 11, 29)),
        ("1월 5일", date(2027, 1, 5)),
        ("3 January", date(2027, 1, 3)),
        ("Dec 20th", date(2026, 12, 20)),
        ("十一月二十三日", date(2026, 11, 23)),
    ],
)
def test_a_day_without_a_year_is_the_nearest_one(text: str, day: date) -> None:
    assert near_date(text, TODAY) == day


def test_of_the_years_about_today_the_one_that_can_be_answered_is_meant() -> None:
    assert near_date("12/20", TODAY, latest=TODAY) == date(2025, 12, 20)
    assert near_date("11月1日", TODAY, earliest=TODAY) == date(2027, 11, 1)
    assert near_date("12/5", TODAY, date(2026, 12, 10), date(2026, 12, 20)) == date(2026, 12, 5), (
        "near, and objected to"
    )


@pytest.mark.parametrize(
    "text",
    ["", "来週", "13/40", "2月30日", "2026/11/23", "令和8年11月23日", "11月", "11月29日(月)", "hello 5", "x" * 300],
)
def test_what_is_no_day_of_a_year_is_not_guessed_at(text: str) -> None:
    assert near_date(text, TODAY) is None

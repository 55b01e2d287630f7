"""Charts stand on zero, keep their order, and show something of a single value or of none."""

import pytest

from portal.desk.charts import HEIGHT, bar_chart, line_chart, parts_of, sparkline


def test_lines_share_one_scale_that_begins_at_zero() -> None:
    chart = line_chart(["6/1", "6/2", "6/3"], [("全体", [0, 50, 100]), ("オンライン", [0, 25, 50])])
    assert [tick.value for tick in chart.ticks] == [0, 50, 100]
    assert chart.ticks[0].y == HEIGHT
    whole, online = ([float(point.split(",")[1]) for point in line.points.split()] for line in chart.lines)
    assert whole[0] == online[0] == HEIGHT
    assert online[2] == whole[1] == chart.ticks[1].y
    assert chart.lines[0].said == "全体 150"


@pytest.mark.parametrize("most", [0, 1, 2, 7, 99, 1_234, 1_000_000])
def test_a_scale_has_few_round_numbers_and_holds_the_greatest(most: int) -> None:
    chart = line_chart(["1"], [("全体", [most])])
    assert 2 <= len(chart.ticks) <= 4
    assert all(0 <= float(point.split(",")[1]) <= HEIGHT for point in chart.lines[0].points.split())
    assert len(chart.lines[0].points.split()) == 2, "one day is a line across"


def test_no_more_labels_than_a_telephone_holds() -> None:
    chart = line_chart([str(day) for day in range(366)], [("全体", [1] * 366)])
    assert len(chart.marks) <= 4
    assert chart.marks[0].x == 0


def test_bars_stand_on_each_other() -> None:
    chart = bar_chart(["1", "2"], [(3, 1), (0, 0)])
    first, second = chart.bars
    assert first.lower[0] + first.lower[1] == HEIGHT
    assert first.upper[0] + first.upper[1] == pytest.approx(first.lower[0])
    assert second.lower[1] == second.upper[1] == 0
    assert first.x + first.width < second.x


def test_parts_fill_the_whole() -> None:
    parts = parts_of([50, 30, 20])
    assert [part.x for part in parts] == [0, 50, 80]
    assert sum(part.width for part in parts) == 100
    assert parts_of([0])[0].width == 0


def test_a_small_line_needs_two_values() -> None:
    assert sparkline([5]) == ""
    assert sparkline([5, 5]) == "0.0,22.0 100.0,22.0"

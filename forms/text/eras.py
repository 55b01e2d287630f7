"""Japanese eras (元号): which era a day belongs to, and how its date is written."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Era:
    """An era, its letter and short name, and the first day that belongs to it."""

    name: str
    letter: str
    english: str
    korean: str
    start: date

    def western(self, year: int) -> int:
        """The western year of a year of this era (元年 = 1)."""
        return self.start.year + year - 1


# 改元 by 政令; 明治 from the proclamation's day counted back to 慶応4年1月1日 = 1868-01-25.
ERAS = (
    Era("令和", "R", "Reiwa", "레이와", date(2019, 5, 1)),
    Era("平成", "H", "Heisei", "헤이세이", date(1989, 1, 8)),
    Era("昭和", "S", "Showa", "쇼와", date(1926, 12, 25)),
    Era("大正", "T", "Taisho", "다이쇼", date(1912, 7, 30)),
    Era("明治", "M", "Meiji", "메이지", date(1868, 1, 25)),
)


def era_named(name: str) -> Era | None:
    """The era written as 令和, 令, Reiwa, R or r."""
    for era in ERAS:
        if name in (era.name, era.name[0], era.korean) or name.upper() in (era.letter, era.english.upper()):
            return era
    return None


def era_of(day: date) -> tuple[Era, int] | None:
    """The era of a day and the year within it; None before 明治."""
    for era in ERAS:
        if day >= era.start:
            return era, day.year - era.start.year + 1
    return None


def era_year(day: date, pattern: str = "{era}{year}年", before: str = "{western}年") -> str:
    """The year as 令和8年 or 令和元年; the western year before 明治.

    A `pattern` for other readers knows `{era}`, `{korean}`, `{year}` (元 for the first) and `{number}`.
    """
    era_and_year = era_of(day)
    if era_and_year is None:
        return before.format(western=day.year)
    era, number = era_and_year
    return pattern.format(era=era.name, korean=era.korean, year="元" if number == 1 else number, number=number)

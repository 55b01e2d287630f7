"""The fixed screens of the days on which the city is closed, and of the hours of its windows."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.core.forms import CheckboxListField, Form, HiddenField, SelectField, StringField
from portal.core.text import _
from portal.desk.forms import whole_number
from portal.identity.office_days import LANGUAGES, MAX_NAME

_NAMES = {"ja": "日本語", "ja-easy": "やさしい日本語", "en": "English", "zh": "中文", "ko": "한국어"}
_HINTS = {"ja-easy": "読みを、かっこで書きます。例 休(やす)み"}
_WEEKDAYS = ("月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日", "日曜日")


def _name(language: str) -> StringField:
    label = f"名前({_NAMES[language]})"
    return StringField(
        label, description=_HINTS.get(language, ""), render_kw={"autocomplete": "off", "maxlength": MAX_NAME}
    )


def _time(label: str) -> StringField:
    return StringField(label, render_kw={"autocomplete": "off"})


class _NamedForm(Form):
    """A name in the languages; `seen` is the number of the city's row that the page showed. Rules say what is wrong."""

    name_ja = _name("ja")
    name_ja_easy = _name("ja-easy")
    name_en = _name("en")
    name_zh = _name("zh")
    name_ko = _name("ko")
    seen = HiddenField()

    @property
    def name_by_language(self) -> dict[str, str]:
        """The name as it was written."""
        return {language: field.data for language, field in self.names}

    @property
    def names(self) -> list[tuple[str, StringField]]:
        """The fields of the name, each with its language; Japanese first."""
        return [(language, self[f"name_{language.replace('-', '_')}"]) for language in LANGUAGES]

    @property
    def seen_number(self) -> int:
        """The number that the page showed; 0 for text that is none."""
        return whole_number(self.seen.data, digits=18) or 0


class ClosedDayForm(_NamedForm):
    """A day on which the city hall is to be closed."""

    day = StringField("休みの日", render_kw={"type": "date", "autocomplete": "off"})


class WindowHoursForm(_NamedForm):
    """Hours of a window besides those of weekdays."""

    weekday = SelectField("曜日", choices=[])
    weeks = CheckboxListField("月の何回目")
    opens = _time("始まる時刻")
    closes = _time("終わる時刻")

    def __init__(self, **values: Any) -> None:
        """With the weekdays and weeks that there are to choose from. Its fields share a page with those of a closed day."""
        super().__init__(prefix="window_", **values)
        self.weekday.choices = [("", _("選んでください")), *((str(n), _(name)) for n, name in enumerate(_WEEKDAYS))]
        self.weeks.choices = [(str(week), _("第{week}", week=week)) for week in range(1, 6)]

    @property
    def given(self) -> Mapping[str, Any]:
        """What was written, as `office_days.add_window_hours` takes it."""
        return {
            "window": self.name_by_language,
            "weekday": self.weekday.data,
            "weeks": self.weeks.data,
            "opens": self.opens.data,
            "closes": self.closes.data,
        }


class StateForm(Form):
    """The number of the city's row that the page showed, and what is acted on: a closed day, a year, the position of hours in the list."""

    seen = HiddenField()
    day = HiddenField()
    year = HiddenField()
    position = HiddenField()

    @property
    def seen_number(self) -> int:
        """The number that the page showed; 0 for text that is none."""
        return whole_number(self.seen.data, digits=18) or 0


def day_in(field: StringField) -> date | None:
    """The day that a field holds; None for text that is none."""
    try:
        return date.fromisoformat(field.data.strip())
    except ValueError:
        return None

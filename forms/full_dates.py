"""Days that a page leaves open, 昨日 or 11月29日, written out in full: they mean the same when they are read again another day."""

from collections.abc import Mapping
from datetime import date

from forms.definition.step import Step
from forms.fields.date import DateField
from forms.fields.date_range import DateRangeField
from forms.fields.occurrences import slot_of, slots


def with_full_dates(step: Step, form: Mapping[str, list[str]], today: date) -> dict[str, list[str]]:
    """The inputs of a page as they are, those of days in full. A birthday is nothing to guess at."""
    full = dict(form)
    questions = {slot: question for field in step.fields for slot, question in slots(field)}
    for name, texts in form.items():
        path, _dot, part = name.rpartition(".")
        day, period = questions.get(slot_of(name)), questions.get(slot_of(path)) if path else None
        if isinstance(day, DateField):
            full[name] = [day.full_date(text, today) or text for text in texts]
        elif isinstance(period, DateRangeField) and part in ("start", "end"):
            begin = "".join(full.get(f"{path}.start", [])) if part == "end" else ""
            full[name] = [period.full_date(part, text, today, begin=begin) or text for text in texts]
    return full

"""Answers that stand in for those that an old example does not have, since the question came later."""

from datetime import timedelta

from pydantic import JsonValue

from forms.fields import FieldType, ReadContext
from forms.fields.bounds import resolve
from forms.fields.group import GroupField

_PLACES: dict[str, JsonValue] = {
    "point": {"type": "Point", "coordinates": [139.4135, 35.6984]},
    "line": {"type": "LineString", "coordinates": [[139.4135, 35.6984], [139.4137, 35.6984]]},
    "polygon": {
        "type": "Polygon",
        "coordinates": [[[139.4135, 35.6984], [139.4136, 35.6984], [139.4136, 35.6985], [139.4135, 35.6984]]],
    },
}
_SAMPLES: dict[str, JsonValue] = {
    "person_name": {"family": "見本", "given": "太郎"},
    "person_kana": {"family": "ミホン", "given": "タロウ"},
    "address": {"prefecture": "東京都", "city": "立川市", "town": "泉町", "block": "1156番地の9"},
    "phone": "+81425232111",
    "email": "mihon@example.jp",
    "birthday": "1990-04-01",
    "time": "10:00",
    "bank_account": {
        "bank_name": "見本銀行",
        "bank_code": "9999",
        "branch_name": "本店",
        "branch_code": "001",
        "kind": "ordinary",
        "number": "1234567",
        "holder": "ミホン タロウ",
    },
}


def samples(field: FieldType, context: ReadContext) -> list[JsonValue]:
    """Sound answers to a question, the plainest first; none where nothing can be made up (a signature, a narrow rule)."""
    return [value for value in _candidates(field, context) if not field.check(value, context)]


def _candidates(field: FieldType, context: ReadContext) -> list[JsonValue]:
    min_value, max_value = getattr(field, "min", None), getattr(field, "max", None)
    match field.type:
        case "yes_no":
            return [False, True]
        case "consent":
            return [True]
        case "choice":
            return [option.id for option in getattr(field, "options", ())][:10]
        case "choices":
            return [[option.id for option in getattr(field, "options", ())][: max(min_value or 1, 1)]]
        case "integer" | "number" | "money":
            return [value for value in (min_value, 1, 0, max_value) if value is not None]
        case "text" | "long_text":
            return ["見本", "見" * max(getattr(field, "min_length", 1) or 1, 1), "見"]
        case "date" | "date_range":
            bounds = [resolve(bound, context.today) for bound in (min_value, max_value) if bound]
            days = [day + timedelta(days=shift) for day in (*bounds, context.today) for shift in range(8)]
            if field.type == "date":
                return [day.isoformat() for day in days]
            return [{"start": day.isoformat(), "end": (day + timedelta(days=1)).isoformat()} for day in days]
        case "file" | "photo":
            kind = ("見本.jpg", "image/jpeg") if field.type == "photo" else ("見本.pdf", "application/pdf")
            files: list[JsonValue] = [
                {"id": f"f{number}", "name": kind[0], "size": 1000, "media_type": kind[1]}
                for number in range(max(min_value or 1, 1))
            ]
            return [files]
        case "point" | "line" | "polygon":
            return [{"geometry": _PLACES[field.type], "source": "drawn"}]
    if isinstance(field, GroupField):
        row: JsonValue = {inner.id: made[0] for inner in field.fields if (made := samples(inner, context))}
        return [[row] * max(field.min, 1)]
    return [_SAMPLES[field.type]] if field.type in _SAMPLES else []

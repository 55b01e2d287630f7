"""`signature`: the applicant signs by typing the name, and may draw a signature as well."""

import json
import math
from typing import Literal

from pydantic import JsonValue
from typing_extensions import override

from forms.fields.base import FieldError, FieldType, ReadContext, Reading
from forms.fields.reader import FormReader
from forms.fields.text_limits import text_errors
from forms.text.safety import one_line
from writing.folding import ANSWER, single_spaces

MAX_POINTS = 5000
#: Strokes are stored in a box of this size, whatever the screen they were drawn on.
BOX = 1000
#: The pad on which they are drawn is this high, and as wide as the box.
PAD_HEIGHT = 400


class SignatureField(FieldType):
    """`{"name": …, "strokes": [[[x, y], …], …]}`: the typed name is the signature, the strokes are its drawn form."""

    type: Literal["signature"]
    sensitive: bool = True

    takes_default = False

    def polylines(self, strokes: object) -> list[str]:
        """See `polylines`; for pages, which have the question."""
        return polylines(strokes)

    @override
    def read(self, form: FormReader, context: ReadContext) -> Reading:
        name = single_spaces(ANSWER(one_line(form.text("name"))))
        if not name:
            return self.absent()
        value: dict[str, JsonValue] = {"name": name}
        drawn = form.text("strokes").strip()
        if drawn:
            try:
                value["strokes"] = json.loads(drawn) if len(drawn) <= MAX_POINTS * 20 else None
            except (ValueError, RecursionError):
                return Reading(None, (FieldError("signature_strokes"),))
        errors = self.check(value, context)
        return Reading(None if errors else value, tuple(errors))

    @override
    def missing(self) -> list[FieldError]:
        return [FieldError("signature", "name")] if self.required else []

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None:
            return self.missing()
        if not isinstance(value, dict) or not {"name"} <= set(value) <= {"name", "strokes"}:
            return [FieldError("malformed")]
        name = value["name"]
        if not isinstance(name, str) or not name.strip() or "\n" in name:
            return [FieldError("malformed")]
        errors = [error.under("name") for error in text_errors(name, max_length=100)]
        if "strokes" in value and not _are_strokes(value["strokes"]):
            errors.append(FieldError("signature_strokes"))
        return errors

    @override
    def inputs(self, value: JsonValue) -> dict[str, str | list[str]]:
        if not isinstance(value, dict) or not isinstance(name := value.get("name"), str):
            return {}
        filled: dict[str, str | list[str]] = {"name": name}
        if "strokes" in value:
            filled["strokes"] = json.dumps(value["strokes"], separators=(",", ":"))
        return filled

    @override
    def show(self, value: JsonValue, language: str) -> str:
        name = value.get("name") if isinstance(value, dict) else None
        return name if isinstance(name, str) else ""


def polylines(strokes: object) -> list[str]:
    """The strokes as points of SVG, in a box of `BOX` by `PAD_HEIGHT`; none for what are no strokes, as a list or as JSON."""
    if isinstance(strokes, str):
        try:
            strokes = json.loads(strokes) if strokes and len(strokes) <= MAX_POINTS * 20 else None
        except (ValueError, RecursionError):
            return []
    if not isinstance(strokes, list) or not _are_strokes(strokes):
        return []
    return [" ".join(f"{x:g},{y:g}" for x, y in stroke) for stroke in strokes]


def _are_strokes(value: object) -> bool:
    if not isinstance(value, list) or not all(isinstance(stroke, list) for stroke in value):
        return False
    points = [point for stroke in value for point in stroke]
    return 0 < len(points) <= MAX_POINTS and all(_is_point(point) for point in points)


def _is_point(point: object) -> bool:
    return (
        isinstance(point, list)
        and len(point) == 2
        and all(isinstance(number, int | float) and not isinstance(number, bool) for number in point)
        and all(math.isfinite(number) and 0 <= number <= BOX for number in point)
    )

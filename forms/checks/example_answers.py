"""The `example` under a question's label must itself be an answer: residents write what it shows."""

from collections.abc import Iterator
from datetime import date

from forms.definition.diagnostics import UnlocatedDiagnostic, shown
from forms.definition.procedure import Definition
from forms.evaluation.program import all_fields
from forms.fields import FieldType, ReadContext
from forms.fields.reader import FormReader
from forms.text.localized import Text
from forms.text.ruby import without_readings


def example_answer_diagnostics(definition: Definition, today: date) -> Iterator[UnlocatedDiagnostic]:
    """Every example that its question does not take, in whichever language."""
    for path, field in all_fields(definition):
        example: Text | None = getattr(field, "example", None)
        for language, text in example.root.items() if example else ():
            fault = _fault(field, without_readings(text), today)
            if fault:
                yield UnlocatedDiagnostic(
                    (*path, "example", language),
                    f"例の「{shown(text)}」は、この質問の答えになりません。{fault}",
                    "そのまま書いて通る例にしてください。書き方の説明は help に書きます。",
                )


def _fault(field: FieldType, text: str, today: date) -> str:
    reading = field.read(FormReader({field.id: [text]}, field.id), ReadContext(today))
    return reading.errors[0].message("ja") if reading.errors else ""

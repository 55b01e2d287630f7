"""What would make a definition better, though it can be published without."""

from collections.abc import Iterator

from forms.checks.translations import translation_advice
from forms.checks.wording import word_advice
from forms.definition.diagnostics import UnlocatedDiagnostic
from forms.definition.procedure import Definition
from forms.definition.source import Path
from forms.evaluation.program import all_fields
from forms.fields import FieldType
from forms.fields.bounds import days_ahead
from forms.fields.date import DateField
from forms.fields.date_range import DateRangeField

_MAX_QUESTIONS = 5
_NEEDS_HELP = frozenset(
    {"text", "long_text", "file", "photo", "polygon", "line", "point", "number", "money", "integer"}
)


def advice(definition: Definition) -> list[UnlocatedDiagnostic]:
    """Missing translations and help, long pages, no examples, fee lines without an id, words that contradict each other."""
    return [
        *translation_advice(definition),
        *word_advice(definition),
        *_help(definition),
        *_long_pages(definition),
        *_fees_without_id(definition),
        *_no_examples(definition),
        *_other_deadlines(definition),
    ]


def _advice(path: Path, message: str, remedy: str) -> UnlocatedDiagnostic:
    return UnlocatedDiagnostic(path, message, remedy, "advice")


def _help(definition: Definition) -> Iterator[UnlocatedDiagnostic]:
    for path, field in all_fields(definition):
        if field.type in _NEEDS_HELP and field.item is None and not _is_explained(field):
            yield _advice(
                path,
                f"質問「{field.id}」に説明がありません。",
                "「example: {ja: …}」で例を、「help: {ja: …}」で書き方を示してください。",
            )


def _other_deadlines(definition: Definition) -> Iterator[UnlocatedDiagnostic]:
    """Earliest days that differ from the deadline that the procedure's page tells: one of the two is wrong for the reader."""
    deadline = definition.routing.deadline if definition.routing else None
    if deadline is None or deadline.before is None or not deadline.days:
        return
    for path, field in all_fields(definition):
        ahead = days_ahead(getattr(field, "min", None)) if isinstance(field, DateField | DateRangeField) else None
        if ahead and ahead != deadline.days:
            message = f"質問「{field.id}」は{ahead}日後から選べますが、案内の期限は{deadline.days}日前までです。"
            remedy = "「min: deadline」と書くと、案内の期限と同じになります。別の日のことなら、このままでかまいません。"
            yield _advice((*path, "min"), message, remedy)


def _is_explained(field: FieldType) -> bool:
    return field.help is not None or field.details is not None or getattr(field, "example", None) is not None


def _long_pages(definition: Definition) -> Iterator[UnlocatedDiagnostic]:
    for number, step in enumerate(definition.steps):
        questions = sum(field.is_question for field in step.fields)
        if questions > _MAX_QUESTIONS:
            message = f"1ページに質問が{questions}個あります。"
            yield _advice(("steps", number, "fields"), message, f"{_MAX_QUESTIONS}個までに分けると答えやすくなります。")


def _fees_without_id(definition: Definition) -> Iterator[UnlocatedDiagnostic]:
    for number, rule in enumerate(definition.fee):
        if rule.id is None:
            message = f"手数料「{rule.label.ja}」にIDがありません。名前を変えると、別の手数料として数えられます。"
            yield _advice(("fee", number), message, "「id: permit_fee」のように、変えない名前をつけてください。")


def _no_examples(definition: Definition) -> Iterator[UnlocatedDiagnostic]:
    if definition.has_form and not definition.examples:
        yield _advice(
            (), "試しの答え(examples)がありません。", "答えと、正しい手数料を1組書くと、公開のたびに確かめられます。"
        )

"""Names and their readings on one page, so that typing the one fills in the other."""

from forms import Step
from forms.fields.composite import CompositeField


def name_readings(step: Step) -> dict[str, str]:
    """Which question asks for the reading of which name: the first of each kind, the second of each, and so on."""
    names = [question.id for question in step.fields if question.type == "person_name"]
    kana = [question.id for question in step.fields if question.type == "person_kana"]
    composites = [question for question in step.fields if isinstance(question, CompositeField)]
    return dict(zip(names, kana, strict=False)) | {f"{field.id}.name": f"{field.id}.kana" for field in composites}

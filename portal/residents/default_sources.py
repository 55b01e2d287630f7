"""Where the answer came from that a definition has filled in, in words for the one who reads it."""

from forms import Definition
from forms.evaluation.program import program_of
from forms.fields import FieldType
from portal.core.text import _, current_language, listed


def source_of_default(definition: Definition, question: FieldType) -> str:
    """One or two sentences: from which answers it comes, and whether it can be changed."""
    sources = _source_names(definition, question)
    names = listed(sources)
    if question.read_only:
        if not sources:
            return _("この市が決めた値です。ここでは変えられません。")
        return _("「{names}」から決まります。ここでは変えられません。", names=names)
    if not sources:
        return _("はじめから入れました。違うときは、書き直してください。")
    return _("「{names}」から入れました。違うときは、書き直してください。", names=names)


def _source_names(definition: Definition, question: FieldType) -> list[str]:
    """The labels of the questions, and of the named values that show, from which the default follows; in the order of the form."""
    language = current_language()
    definition, question = definition.asked_by(question.id)[0]  # where several ask alike, what the first says
    program = program_of(definition)
    default = program.defaults[question.id]
    shown = [value for value in definition.compute if value.id in default.sources and value.label is not None]
    through = {source for value in shown for source in program.computed_from[value.id]}
    sources = (program.sources(question.id) - through) | (default.sources & definition.fields.keys())
    labels = [field.label_in(language) for field_id, field in definition.fields.items() if field_id in sources]
    return labels + [value.label.for_language(language) for value in shown if value.label is not None]

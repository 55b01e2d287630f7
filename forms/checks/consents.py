"""Consents in a definition: the questions they name must be there, be of the right type, and hold what the rule needs."""

from collections.abc import Iterator, Mapping

from forms.definition.consent import ConsentRule
from forms.definition.diagnostics import UnlocatedDiagnostic, nearest
from forms.definition.procedure import Definition, group_fields
from forms.definition.source import Path
from forms.fields import FieldType
from forms.fields.applicant import ApplicantField

_NAMES = frozenset({"person_name", "text", "applicant"})
_ADDRESSES = frozenset({"email", "applicant"})


def consent_diagnostics(definition: Definition) -> Iterator[UnlocatedDiagnostic]:
    """Report names in `consents` that lead nowhere, and questions that cannot give a name or an address."""
    for number, rule in enumerate(definition.consents):
        yield from _rule(definition, ("consents", number), rule)


def _rule(definition: Definition, path: Path, rule: ConsentRule) -> Iterator[UnlocatedDiagnostic]:
    unread = definition.unread
    if unread.some_question:
        return
    fields: Mapping[str, FieldType] = definition.fields
    if rule.each is not None:
        group = fields.get(rule.each)
        if group is None or group.type != "group":
            return  # the compiler reports it
        fields = {field.id: field for field in group_fields(group)}
    for setting, types in (("name", _NAMES), ("email", _ADDRESSES)):
        yield from _names(fields, (*path, setting), getattr(rule, setting), types)
    email = fields.get(rule.email)
    if isinstance(email, ApplicantField) and email.email != "required":
        yield UnlocatedDiagnostic(
            (*path, "email"),
            f"「{rule.email}」はメールアドレスを必ずは聞かないので、同意を求める相手に届かないことがあります。",
            "その質問に「email: required」と書いてください。",
        )
    if email is not None and email.type == "email" and not email.required and email.required_when is None:
        yield UnlocatedDiagnostic(
            (*path, "email"),
            f"「{rule.email}」は任意の質問なので、同意を求める相手がわからないことがあります。",
            "その質問を「required: true」にしてください。",
        )
    for place, shown in enumerate(rule.shows):
        if shown not in definition.fields:
            yield UnlocatedDiagnostic(
                (*path, "shows", place), f"「{shown}」という質問はありません。", nearest(shown, definition.fields)
            )


def _names(
    fields: Mapping[str, FieldType], path: Path, name: str, types: frozenset[str]
) -> Iterator[UnlocatedDiagnostic]:
    fitting = [field.id for field in fields.values() if field.type in types]
    if name not in fields:
        yield UnlocatedDiagnostic(path, f"「{name}」という質問はありません。", nearest(name, fitting))
    elif name not in fitting:
        yield UnlocatedDiagnostic(
            path,
            f"「{name}」は {fields[name].type} の質問です。ここには {'、'.join(sorted(types))} の質問を書きます。",
            nearest(name, fitting),
        )

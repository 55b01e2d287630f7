"""Whom an application asks for consent, as its answers say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms.definition.consent import ConsentRule
from forms.definition.procedure import group_fields
from forms.expressions.language import Compiled
from forms.fields import FieldType, GroupField
from forms.fields.applicant import ApplicantField


@dataclass(frozen=True)
class CompiledConsent:
    """A rule with its condition, ready to be judged."""

    rule: ConsentRule
    applies: Compiled | None


@dataclass(frozen=True)
class ConsentNeed:
    """One person to ask: by the rule and, where it counts rows, the row from 0. `email` is None where nobody has said it."""

    rule: ConsentRule
    row: int | None
    name: str
    email: str | None


def consents_of(
    consents: Sequence[CompiledConsent],
    fields: Mapping[str, FieldType],
    answers: Mapping[str, Any],
    scope: dict[str, Any],
    rows: Callable[[str], Sequence[dict[str, Any]]],
) -> tuple[ConsentNeed, ...]:
    """Everybody to ask, by answers that are sound. A condition that cannot be judged asks: nothing is waved through.
    Of joint applicants the representative, who sends the application, is not asked.
    """
    needs: list[ConsentNeed] = []
    for consent in consents:
        rule = consent.rule
        if rule.each is None:
            if _applies(consent, scope):
                needs.append(_need(rule, None, fields, answers))
            continue
        group = fields[rule.each]
        inner = {field.id: field for field in group_fields(group)}
        given: Sequence[Mapping[str, Any]] = answers.get(rule.each) or ()
        representative = group.representative_of(given) if isinstance(group, GroupField) else None
        for number, row in enumerate(rows(rule.each)):
            if number != representative and _applies(consent, row):
                needs.append(_need(rule, number, inner, given[number]))
    return tuple(needs)


def _applies(consent: CompiledConsent, scope: dict[str, Any]) -> bool:
    return consent.applies is None or consent.applies.holds(scope) is not False


def _need(
    rule: ConsentRule, row: int | None, fields: Mapping[str, FieldType], answers: Mapping[str, Any]
) -> ConsentNeed:
    email, name, question = answers.get(rule.email), answers.get(rule.name), fields[rule.name]
    shown = question.name_of(name) if isinstance(question, ApplicantField) else question.show(name, "ja")
    if isinstance(email, Mapping):  # of an applicant
        email = email.get("email")
    return ConsentNeed(rule, row, shown, email if isinstance(email, str) and email else None)

"""Which file implements each setting of a definition. A setting without an implementation is a broken promise to a department,
so using it is an error; definitions that were published with it can still be read.

A house test holds this list against the grammar, and each module against its setting.
"""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from forms.definition.diagnostics import UnlocatedDiagnostic
from forms.definition.place_rules import RELATIONS
from forms.definition.procedure import Definition
from forms.definition.source import Path

_DEADLINE = dict.fromkeys(
    ("days", "months", "before", "after", "counts_first_day"), "portal/residents/definition_texts.py"
) | {"if_late": "forms/routing/reasons.py"}
IMPLEMENTERS: Mapping[str, Mapping[str, str]] = {
    "Definition": {
        "procedure": "portal/publishing/of_this_city.py",
        "kind": "forms/catalogue/windows.py",
        "title": "portal/templates/residents/procedure.html",
        "submission": "forms/definition/procedure.py",
        "summary": "portal/templates/residents/procedure.html",
        "search_words": "portal/search/entries.py",
        "done_by": "forms/definition/procedure.py",
        "department": "portal/procedures/actions.py",
        "legal_basis": "portal/templates/residents/procedure.html",
        "standard_days": "portal/cases/rules.py",
        "assurance": "portal/residents/review.py",
        "retention_years": "portal/procedures/queries.py",
        "languages": "forms/checks/translations.py",
        "acceptance": "portal/cases/acceptance.py",
        "routing": "portal/residents/definition_texts.py",
        "based_on": "portal/cases/chains.py",
        "opens": "forms/workflow/settling.py",
        "hands_over": "portal/cases/handing_over.py",
        "offices": "forms/definition/procedure.py",
        "appeal": "portal/cases/appeals.py",
        "steps": "portal/residents/answers.py",
        "tables": "forms/evaluation/scope.py",
        "compute": "forms/evaluation/program.py",
        "consents": "forms/evaluation/program.py",
        "fee": "forms/evaluation/program.py",
        "payout": "forms/evaluation/program.py",
        "fee_total": "forms/evaluation/fee.py",
        "capacity": "forms/evaluation/program.py",
        "workflow": "forms/workflow/building.py",
        "documents": "portal/cases/decision_documents.py",
        "written_examples": "forms/checks/structure.py",
    },
    "BasedOn": dict.fromkeys(("procedure", "states"), "portal/cases/chains.py")
    | {"move": "portal/cases/moves.py", "values": "forms/evaluation/earlier.py"},
    "EarlierValue": dict.fromkeys(("id", "type"), "forms/evaluation/earlier.py") | {"of": "portal/cases/earlier.py"},
    "Opening": {
        "procedure": "portal/cases/submission.py",
        "when": "forms/workflow/settling.py",
        "answers": "portal/cases/submission.py",
        "values": "portal/cases/submission.py",
    },
    "HandsOver": dict.fromkeys(("procedure", "place", "items"), "portal/cases/handing_over.py"),
    "Office": dict.fromkeys(
        ("name", "address", "position", "window", "hours", "phone", "link", "sample"),
        "portal/templates/residents/offices.html",
    )
    | {"cities": "forms/definition/procedure.py"},
    "Appeal": dict.fromkeys(("authority", "defendant", "review_first"), "portal/cases/appeals.py"),
    "Routing": {
        "life_events": "forms/catalogue/windows.py",
        "applies_when": "forms/evaluation/eligibility.py",
        "deadline": "portal/residents/definition_texts.py",
        "after": "portal/residents/procedure.py",
        "bring": "portal/residents/progress.py",
        **dict.fromkeys(
            ("optional", "special_deadlines", "earliest", "show_facts", "held"), "forms/routing/program.py"
        ),
    },
    "AcceptanceWindow": dict.fromkeys(("from_", "until", "opens_at", "closes_at"), "forms/evaluation/acceptance.py"),
    "Deadline": _DEADLINE,
    "HeldPaper": dict.fromkeys(("what", "when"), "forms/routing/program.py"),
    "SpecialDeadline": _DEADLINE | {"when": "forms/routing/program.py"},
    "Step": {
        "id": "portal/residents/step_page.py",
        "title": "portal/templates/residents/procedure.html",
        "short": "portal/residents/step_page.py",
        "help": "portal/templates/residents/procedure.html",
        "details": "portal/templates/residents/step.html",
        "show_when": "forms/evaluation/program.py",
        "fields": "portal/residents/questions.py",
        "checks": "forms/evaluation/program.py",
    },
    "Details": dict.fromkeys(("summary", "text", "picture"), "portal/templates/residents/flow.html"),
    "Picture": {"file": "portal/residents/pictures.py", "alt": "forms/templates/fields/_question.html"},
    "Check": {
        "assert_": "forms/evaluation/program.py",
        "message": "forms/evaluation/evaluate.py",
        "field": "forms/definition/step.py",
        "fields": "forms/definition/step.py",
        "level": "forms/evaluation/evaluate.py",
    },
    "Table": dict.fromkeys(("id", "key"), "forms/evaluation/tables.py")
    | {"shared": "forms/definition/lists.py", "declared": "forms/definition/table.py"}
    | {"rows": "forms/definition/table.py"},
    "Computed": dict.fromkeys(("id", "value"), "forms/evaluation/program.py")
    | dict.fromkeys(("label", "unit"), "portal/residents/live_summary.py"),
    "Unique": dict.fromkeys(("fields", "message"), "forms/fields/group.py"),
    "RowValue": dict.fromkeys(("id", "value"), "forms/evaluation/program.py"),
    "RowsFrom": {"items": "forms/known_rows.py", "where": "forms/evaluation/compiling_rows.py"},
    "JointApplicants": {"who": "portal/cases/parties.py", "representative": "forms/fields/group.py"},
    "FeeRule": {
        "id": "forms/evaluation/fee.py",
        "label": "forms/evaluation/fee.py",
        "amount": "forms/evaluation/program.py",
        "when": "forms/evaluation/fee.py",
        "each": "forms/evaluation/fee.py",
        "applies_when": "forms/evaluation/program.py",
        "waived_when": "forms/evaluation/program.py",
        "explain": "forms/evaluation/program.py",
        "rounding": "forms/evaluation/fee.py",
        "max_amount": "forms/evaluation/fee.py",
        **dict.fromkeys(("round_to", "minimum", "maximum", "deposit", "reduction"), "forms/evaluation/fee.py"),
        "returned_in": "portal/cases/deposits.py",
        "methods": "portal/cases/fees.py",
        "schedule": "forms/evaluation/program.py",
        "surveyed": "forms/evaluation/survey.py",
    },
    "Survey": dict.fromkeys(("id", "label", "unit", "estimate", "decimals", "advance"), "forms/evaluation/survey.py")
    | dict.fromkeys(("most", "measured_by"), "portal/cases/surveys.py"),
    "FeeSchedule": dict.fromkeys(("instalments", "periods", "until", "from_"), "forms/evaluation/terms.py")
    | dict.fromkeys(("every", "due"), "forms/evaluation/fee.py"),
    "DueRule": dict.fromkeys(("days", "day", "months"), "forms/evaluation/dues.py"),
    "PayoutRule": dict.fromkeys(
        (
            *("id", "label", "amount", "each", "applies_when", "explain"),
            *("rounding", "round_to", "maximum", "max_amount"),
        ),
        "forms/definition/payout.py",
    )
    | dict.fromkeys(("account", "budget", "second_person_above"), "portal/cases/payouts.py"),
    "Budget": dict.fromkeys(("id", "total", "per"), "portal/cases/payouts.py"),
    "FeeTotal": dict.fromkeys(("minimum", "maximum", "rounding", "round_to"), "forms/definition/fee.py"),
    "Reduction": dict.fromkeys(("when", "amount"), "forms/evaluation/program.py")
    | dict.fromkeys(("rate", "decided_by"), "forms/evaluation/fee.py")
    | {"label": "portal/desk/reductions.py", "proof": "portal/desk/reductions.py"},
    "CapacityRule": {
        "id": "forms/evaluation/capacity.py",
        "label": "portal/cases/pool_names.py",
        "by": "forms/evaluation/capacity.py",
        "each": "forms/evaluation/capacity.py",
        "days": "forms/evaluation/capacity.py",
        "limit": "forms/evaluation/capacity.py",
        "amount": "forms/evaluation/capacity.py",
        "applies_when": "forms/evaluation/capacity.py",
        "unit": "portal/cases/capacity.py",
        "hold_minutes": "portal/cases/capacity.py",
        "pay_days": "portal/cases/payment_days.py",
        "waiting_days": "portal/cases/capacity.py",
        "allocation": "forms/definition/capacity.py",
        "points": "forms/evaluation/capacity.py",
        "wishes": "forms/evaluation/capacity.py",
        "winners": "portal/cases/lotteries.py",
    },
    "OpenHours": dict.fromkeys(("days", "from_", "until", "id", "label"), "forms/fields/appointment.py"),
    "DayOffer": dict.fromkeys(("weekday", "rule"), "forms/evaluation/option_rules.py")
    | dict.fromkeys(("weekdays", "closed"), "forms/fields/day_offer.py")
    | {"show": "forms/fields/days_of_page.py", "on_the_day": "forms/evaluation/chosen_days.py"},
    "OnTheDay": dict.fromkeys(("title", "time", "to_do"), "forms/evaluation/chosen_days.py"),
    "CapacityDays": dict.fromkeys(("from_", "until"), "forms/evaluation/capacity.py"),
    "ConsentRule": dict.fromkeys(("each", "name", "email"), "forms/evaluation/consents.py")
    | dict.fromkeys(("id", "shows", "days"), "portal/cases/consents.py")
    | dict.fromkeys(("title", "text", "signature"), "portal/templates/residents/consent.html")
    | {"applies_when": "forms/evaluation/program.py"}
    | {"before": "forms/workflow/building.py"},
    "WorkflowUse": dict.fromkeys(
        ("preset", "start", "flow", "states", "moves", "stages", "drop"), "forms/workflow/building.py"
    )
    | {"assign": "forms/evaluation/workflow_program.py"},
    "OwnState": dict.fromkeys(("id", "title", "kind", "status", "short"), "forms/workflow/own.py")
    | {
        "announcement": "forms/workflow/preset.py",
        "next_step": "forms/workflow/preset.py",
        "seen_as": "forms/workflow/machine.py",
        "deadline": "forms/workflow/clock.py",
        "stages_needed": "forms/workflow/stages.py",
    },
    "StateDeadline": dict.fromkeys(("working_days", "days", "months", "move", "remind"), "forms/workflow/clock.py")
    | {"until": "portal/cases/deadlines.py", "shown": "portal/residents/progress.py"},
    "Reminder": {"days_before": "forms/workflow/clock.py", "message": "portal/cases/waking.py"},
    "OwnMove": dict.fromkeys(("id", "title", "from_", "to", "who"), "forms/workflow/own.py")
    | {
        "when": "forms/workflow/settling.py",
        "fee": "portal/cases/moves.py",
        "forward": "forms/workflow/stages.py",
        "needs": "portal/cases/moves.py",
        "causes": "portal/cases/moves.py",
        "conditions": "portal/cases/standard_words.py",
        "partial": "portal/cases/partial_grants.py",
        "corrects": "portal/cases/moves.py",
        "signed_off_by": "portal/cases/decisions.py",
        "message": "portal/cases/moves.py",
    },
    "Doer": dict.fromkeys(("role", "when"), "forms/workflow/settling.py"),
    "SignOff": dict.fromkeys(("role", "deputy"), "portal/cases/sign_offs.py") | {"when": "forms/workflow/settling.py"},
    "Fork": dict.fromkeys(("when_fee_due", "otherwise"), "forms/workflow/machine.py"),
    "Assign": {"by": "forms/evaluation/workflow_program.py"},
    "Stage": dict.fromkeys(("id", "title", "announcement", "next_step", "role"), "forms/workflow/stages.py")
    | {"days": "portal/cases/rules.py"}
    | dict.fromkeys(("after", "at"), "forms/workflow/building.py")
    | {"then": "forms/workflow/stages.py", "when": "forms/workflow/settling.py", "form": "forms/workflow/stages.py"}
    | {"department": "portal/cases/consultations.py"},
    "StageForm": {
        "help": "portal/templates/desk/stage_form.html",
        "fields": "forms/definition/procedure.py",
        "checks": "forms/definition/procedure.py",
    },
    "ClearOf": {
        "procedure": "portal/cases/occupancy.py",
        "states": "portal/cases/occupancy.py",
        "during": "forms/definition/place_rules.py",
    },
    "PlaceRule": {
        "clear_of": "portal/cases/places.py",
        "message": "portal/cases/places.py",
        "during": "portal/cases/place_queries.py",
        "firm": "forms/definition/place_rules.py",
    }
    | dict.fromkeys(RELATIONS, "forms/definition/place_rules.py")
    | dict.fromkeys(("within", "at_least", "at_most", "only", "since", "until"), "portal/cases/place_queries.py"),
    "CaseLayer": {"answers": "portal/cases/told_answers.py"},
    "PublicLayer": dict.fromkeys(("title", "description"), "portal/cases/public_layers.py")
    | dict.fromkeys(("states", "answers", "days_before", "days_after"), "portal/cases/public_layers.py")
    | dict.fromkeys(("exactness", "streets", "cell_m"), "portal/cases/coarseness.py"),
    "MatrixRow": dict.fromkeys(("id", "label"), "forms/fields/matrix.py")
    | {"help": "forms/templates/fields/matrix.html"},
    "OptionsFrom": dict.fromkeys(("table", "label", "label_en", "help", "search"), "forms/fields/table_options.py")
    | dict.fromkeys(("answers", "where"), "forms/evaluation/option_rules.py")
    | dict.fromkeys(("layer", "id", "values"), "portal/cases/feature_options.py")
    | {"price": "forms/fields/table_options.py", "near": "forms/fields/offering.py"},
    "FeatureValue": dict.fromkeys(("property", "type"), "portal/cases/feature_options.py")
    | {"as_": "forms/fields/offering.py"},
    "LookUp": dict.fromkeys(
        ("layer", "property", "as_", "take", "within", "only", "law"), "portal/cases/place_queries.py"
    )
    | {"type": "forms/definition/place_rules.py", "default": "forms/evaluation/scope.py"},
    "DocumentRule": dict.fromkeys(
        ("id", "when", "template", "title", "text", "answers", "labels", "to_do", "sign", "valid_until"),
        "portal/cases/decision_documents.py",
    ),
    "WrittenExample": dict.fromkeys(("on", "city", "answers", "facts", "stages", "expect"), "forms/checks/examples.py")
    | {"like": "forms/definition/example.py"}
    | {"name": "forms/checks/examples.py"},
    "ExampleCity": dict.fromkeys(("key", "name", "code"), "forms/evaluation/city.py"),
    "Expectation": dict.fromkeys(
        ("consents", "payout", "fee", "visible", "hidden", "errors", "moves", "state"), "forms/checks/examples.py"
    ),
}
"""By part and setting (`Deadline.counts_first_day`) the file that carries it out. Settings of questions stand with their own type."""

MISSING: Mapping[str, Mapping[str, tuple[str, str]]] = {}
"""By part and setting what nothing carries out yet: the error and its remedy."""


def unimplemented_diagnostics(definition: Definition) -> list[UnlocatedDiagnostic]:
    """The settings of a definition that nothing would carry out."""
    return list(_in(definition, ()))


def _in(part: object, path: Path) -> Iterator[UnlocatedDiagnostic]:
    if isinstance(part, BaseModel):
        missing = MISSING.get(type(part).__name__, {})
        for name, info in type(part).model_fields.items():
            value = getattr(part, name)
            place = (*path, info.alias or name)
            if name in missing and value != info.get_default(call_default_factory=True):
                yield UnlocatedDiagnostic(place, *missing[name])
            else:
                yield from _in(value, place)
    elif isinstance(part, tuple | list):
        for number, inner in enumerate(part):
            yield from _in(inner, (*path, number))

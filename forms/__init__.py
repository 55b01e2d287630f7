"""The procedure engine: what a procedure asks, whether the answers are valid, what it costs, what happens next.

A library without database or Flask. `load` reads a definition, `read_step` one posted page, `evaluate` everything that
follows from the answers, `workflow_of` the states of a case. `check` and `dry_run` are for those who write
definitions, `diff` and `example_effects` for those who publish them, `applies` for leading residents to what they need.
"""

from forms.checks.check import check
from forms.definition.diagnostics import DefinitionError, Diagnostic
from forms.definition.procedure import Definition
from forms.definition.schema import json_schema
from forms.definition.step import Step
from forms.diff import Change, ExampleEffect, diff, example_effects
from forms.dry_run import DryRun, dry_run
from forms.evaluation.acceptance import Acceptance, Opening, acceptance_at
from forms.evaluation.capacity import Claim
from forms.evaluation.city import City
from forms.evaluation.due import due_by_answer, due_by_others
from forms.evaluation.dues import Due, DueLine, due_at, dues, first_payment
from forms.evaluation.eligibility import Requirement, applies, requirements
from forms.evaluation.evaluate import evaluate
from forms.evaluation.fee import Fee, FeeLine, FeeUndecided
from forms.evaluation.offers import option_places
from forms.evaluation.result import CheckFailure, Evaluation
from forms.evaluation.workflow_scope import CaseValues
from forms.fields.path import FieldPath
from forms.loading import document_of, load, load_document
from forms.reading import StepReading, as_form, inputs_of, read_step
from forms.reference.pages import reference_pages
from forms.workflow.building import workflow_of
from forms.workflow.machine import MoveNotAllowed, Workflow
from forms.workflow.preset import Move, State
from forms.workflow.settling import has_conditions, settled_workflow

__all__ = [
    "Acceptance",
    "CaseValues",
    "Change",
    "CheckFailure",
    "City",
    "Claim",
    "Definition",
    "DefinitionError",
    "Diagnostic",
    "DryRun",
    "Due",
    "DueLine",
    "Evaluation",
    "ExampleEffect",
    "Fee",
    "FeeLine",
    "FeeUndecided",
    "FieldPath",
    "Move",
    "MoveNotAllowed",
    "Opening",
    "Requirement",
    "State",
    "Step",
    "StepReading",
    "Workflow",
    "acceptance_at",
    "applies",
    "as_form",
    "check",
    "diff",
    "document_of",
    "dry_run",
    "due_at",
    "due_by_answer",
    "due_by_others",
    "dues",
    "evaluate",
    "example_effects",
    "first_payment",
    "has_conditions",
    "inputs_of",
    "json_schema",
    "load",
    "load_document",
    "option_places",
    "read_step",
    "reference_pages",
    "requirements",
    "settled_workflow",
    "workflow_of",
]

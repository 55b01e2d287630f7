"""A whole procedure definition."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import Field, JsonValue, PrivateAttr, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from forms.catalogue.vocabulary import Vocabulary, shipped
from forms.definition.acceptance import AcceptanceWindow
from forms.definition.appeal import Appeal
from forms.definition.capacity import CapacityRule
from forms.definition.chains import BasedOn, HandsOver, Opening
from forms.definition.computed import Computed
from forms.definition.consent import ConsentRule
from forms.definition.document import DocumentRule
from forms.definition.example import Example, WrittenExample, whole_examples
from forms.definition.fee import FeeRule, FeeTotal, fee_rules_by_id
from forms.definition.languages import Completeness
from forms.definition.office import Office
from forms.definition.payout import PayoutRule
from forms.definition.routing import Routing
from forms.definition.step import Step
from forms.definition.strict_model import Key, StrictModel
from forms.definition.table import Table
from forms.definition.unread import NOTHING_UNREAD, Unread
from forms.definition.workflow import StageForm, WorkflowUse
from forms.fields import FieldType, GroupField
from forms.fields.occurrences import Occurrence, place_occurrences, question_at
from forms.fields.offering import OffersOptions
from forms.fields.place import PlaceField
from forms.text.localized import Language, Text

Kind = Literal["notification", "permit", "certificate", "report", "booking", "survey", "visit", "elsewhere"]
Assurance = Literal["none", "email", "verified"]
Remote = Literal["phone", "web", "post"]
REMOTE: Final[frozenset[str]] = frozenset(get_args(Remote))
Way = Literal["online", "visit", "elsewhere", "phone", "web", "post"]

#: Kinds without a form: done at the counter of the city hall, or by another body.
WITHOUT_FORM: Final[frozenset[str]] = frozenset({"visit", "elsewhere"})
#: What people send, by the kind of procedure, where the definition has no word of its own: a phrase of `forms.text.phrases`.
_SUBMISSIONS: Final[Mapping[str, str]] = {
    "notification": "届出",
    "report": "連絡",
    "booking": "申込み",
    "survey": "回答",
}
#: What people send, most generally.
APPLICATION: Final = "申請"
#: Kinds whose cases take the course of the preset of that name, where the definition says no other.
USUAL_PRESETS: Final[frozenset[str]] = frozenset({"notification", "permit", "certificate", "report"})


class Definition(StrictModel):
    """One procedure. `assurance` is how sure the office must be of who applies.

    One of kind `visit` is done at the counter, one of kind `elsewhere` by another body: they have no form, and people are told
    where to go (`offices`). `done_by` says that nobody need go there.
    """

    procedure: Key
    kind: Kind
    title: Text
    submission: Text | None = None
    summary: Text | None = None
    search_words: tuple[Annotated[str, Field(min_length=1, max_length=60)], ...] = ()
    done_by: Remote | None = None
    department: Key
    legal_basis: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] = ()
    standard_days: Annotated[int, Field(ge=0, le=730)] | None = None
    assurance: Assurance = "email"
    retention_years: Annotated[int, Field(ge=1, le=100)] = 5
    languages: Annotated[tuple[Language, ...], Field(min_length=1)] | None = None
    acceptance: tuple[AcceptanceWindow, ...] = Field(default=(), max_length=12)
    routing: Routing | None = None
    based_on: BasedOn | None = None
    opens: tuple[Opening, ...] = Field(default=(), max_length=20)
    hands_over: tuple[HandsOver, ...] = Field(default=(), max_length=5)
    offices: tuple[Office, ...] = Field(default=(), max_length=20)
    appeal: Appeal | None = None
    steps: tuple[Step, ...] = Field(max_length=60)
    tables: tuple[Table, ...] = Field(default=(), max_length=20)
    compute: tuple[Computed, ...] = Field(default=(), max_length=60)
    consents: tuple[ConsentRule, ...] = Field(default=(), max_length=10)
    fee: tuple[FeeRule, ...] = Field(default=(), max_length=40)
    fee_total: FeeTotal | None = None
    payout: tuple[PayoutRule, ...] = Field(default=(), max_length=10)
    capacity: tuple[CapacityRule, ...] = Field(default=(), max_length=10)
    workflow: WorkflowUse
    documents: tuple[DocumentRule, ...] = Field(default=(), max_length=20)
    written_examples: tuple[WrittenExample, ...] = Field(default=(), max_length=100, alias="examples")

    #: The compiled expressions, kept here by `forms.evaluation.program`, so that they live as long as the definition.
    _program: object = PrivateAttr(default=None)
    _workflow: object = PrivateAttr(default=None)
    _unread: Unread = PrivateAttr(default=NOTHING_UNREAD)
    _vocabulary: Vocabulary | None = PrivateAttr(default=None)

    @model_validator(mode="before")
    @classmethod
    def _what_follows_from_the_kind_is_not_written(cls, document: object) -> object:
        kind = document.get("kind") if isinstance(document, Mapping) else None
        if not isinstance(document, Mapping) or not isinstance(kind, str):
            return document
        if kind in WITHOUT_FORM:
            return {"steps": [], "workflow": {"preset": "notification"}, **document}
        return {"workflow": {"preset": kind}, **document} if kind in USUAL_PRESETS else document

    @field_validator("steps")
    @classmethod
    def _a_form_has_pages(cls, steps: tuple[Step, ...], info: ValidationInfo) -> tuple[Step, ...]:
        without = info.data.get("kind") in WITHOUT_FORM
        if without and steps:
            raise ValueError("kind が visit か elsewhere の手続きには、フォーム（steps）を書きません。")
        if not steps and not without and "kind" in info.data:
            raise PydanticCustomError(
                "too_short",
                "List should have at least 1 item",
                {"min_length": 1, "actual_length": 0, "field_type": "Tuple"},
            )
        return steps

    @model_validator(mode="after")
    def _another_body_has_an_office(self) -> Self:
        if self.kind == "elsewhere" and not self.offices:
            raise ValueError("kind: elsewhere の手続きには、行き先（offices）を1つ以上書いてください。")
        return self

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        """The examples, each with what it takes from those before it."""
        return whole_examples(self.written_examples, self._standing_samples)

    @cached_property
    def _standing_samples(self) -> Mapping[str, Any]:
        """A sample for each question that everybody answers and that asks for a shared item, by id."""
        standing = (field for step in self.steps if step.show_when is None for field in step.fields)
        items = {
            field.id: self.vocabulary.items.get(field.item)
            for field in standing
            if field.item is not None and field.required and field.show_when is None and field.default is None
        }
        return {
            field_id: item.sample
            for field_id, item in items.items()
            if item is not None and item.sample is not None and item.type == self.fields[field_id].type
        }

    @property
    def submission_word(self) -> Text:
        """What people send: 申請, 届出, 連絡 … The law tells an application from a notification, and a report is neither."""
        return self.submission or Text.model_validate(_SUBMISSIONS.get(self.kind, APPLICATION))

    @property
    def refusal_may_be_reviewed(self) -> bool:
        """Whether a refusal is a disposition (処分), of which people may ask for a review by 行政不服審査法 2条 and are told so (82条)."""
        return self.appeal is not None

    @property
    def has_form(self) -> bool:
        """Whether people apply for it here."""
        return self.kind not in WITHOUT_FORM

    def offices_in(self, city_key: str) -> list[Office]:
        """Where people of a city go."""
        return [office for office in self.offices if not office.cities or city_key in office.cities]

    @property
    def way(self) -> Way:
        """How people do it: here online, at the counter of the city hall, with another body, or as the definition says."""
        if self.done_by is not None:
            return self.done_by
        if self.kind == "elsewhere":
            return "elsewhere"
        return "visit" if self.kind == "visit" or self.workflow.preset == "visit" else "online"

    @model_validator(mode="after")
    def _a_form_is_done_here(self) -> Self:
        if self.done_by is not None and self.has_form:
            raise ValueError("done_by は、kind が visit か elsewhere の手続きにだけ書けます。")
        return self

    @model_validator(mode="after")
    def _options_are_taken_from_tables(self) -> Self:
        tables = {table.id: table for table in self.tables}
        for field in self.fields.values():
            for question in questions_in(field):
                source = question.source if isinstance(question, OffersOptions) else None
                if isinstance(question, OffersOptions) and source and source.table in tables:
                    question.take_from(tables[source.table])
        return self

    @property
    def unread(self) -> Unread:
        """What the text says besides and could not be read; nothing for a definition that is sound."""
        return self._unread

    def set_unread(self, unread: Unread) -> None:
        """Mark this as the sound parts of a faulty definition. Call it before anything else."""
        self._unread = unread

    @property
    def vocabulary(self) -> Vocabulary:
        """The shared words with which this was loaded: those of the city, or what comes with Madoguchi."""
        return self._vocabulary or shipped()

    def use_vocabulary(self, vocabulary: Vocabulary) -> None:
        """Take the shared words from `vocabulary`. Call it before anything else."""
        self._vocabulary = vocabulary
        of_stages = (
            field for stage in self.workflow.stages if isinstance(stage.form, StageForm) for field in stage.form.fields
        )
        for field in (*self.fields.values(), *of_stages):
            for question in questions_in(field):
                question.take_item(vocabulary)

    @property
    def question_ids(self) -> frozenset[str]:
        """The ids of all questions as they are written, those of faulty ones too."""
        return frozenset(self.fields.keys() - self.unread.stand_ins) | self.unread.ids

    def kept_program(self, make: Callable[["Definition"], object]) -> object:
        """The program of this definition, made at the first call."""
        if self._program is None:
            self._program = make(self)
        return self._program

    def kept_workflow(self, make: Callable[["Definition"], object]) -> object:
        """The workflow of this definition, made at the first call."""
        if self._workflow is None:
            self._workflow = make(self)
        return self._workflow

    @field_validator("languages")
    @classmethod
    def _languages_are_complete(cls, languages: tuple[Language, ...] | None) -> tuple[Language, ...] | None:
        if languages is not None and "ja" not in languages:
            raise ValueError("languages に ja がありません。日本語の文は必ず書くので、ja も並べてください。")
        if languages is not None and len(set(languages)) < len(languages):
            raise ValueError("languages に同じ言語が2度あります。1つにしてください。")
        return languages

    @cached_property
    def completeness(self) -> Completeness:
        """Which texts for residents lack which language."""
        return Completeness(self)

    @cached_property
    def fields(self) -> Mapping[str, FieldType]:
        """Every question by its id, in the order of the pages (rows of a group are inside the group)."""
        return {field.id: field for step in self.steps for field in step.fields}

    @cached_property
    def place_fields(self) -> Mapping[str, PlaceField]:
        """The questions that are answered with a place, those in rows too, by their ids."""
        questions = [inner for field in self.fields.values() for inner in questions_in(field)]
        return {question.id: question for question in questions if isinstance(question, PlaceField)}

    @cached_property
    def asks_for_period(self) -> bool:
        """Whether what is applied for lasts from one day to another that the applicant names."""
        questions = (inner for field in self.fields.values() for inner in questions_in(field))
        return any(question.type == "date_range" for question in questions)

    def places_in(self, answers: Mapping[str, JsonValue]) -> Mapping[str, Occurrence[PlaceField]]:
        """The questions for a place by their paths, those in rows as often as `answers` has rows."""
        if not self.place_fields:
            return {}
        return {place.path: place for place in place_occurrences(self.fields.values(), answers)}

    def question_at(self, path: str) -> FieldType | None:
        """The question at a path, with or without the numbers of rows; None where there is none, or only a part of one."""
        return question_at(self.fields, path)

    @cached_property
    def fee_rules(self) -> Mapping[str, FeeRule]:
        """The lines of the fee by their ids, in their order."""
        return fee_rules_by_id(self.fee)

    @cached_property
    def stage_forms(self) -> Mapping[str, "Definition"]:
        """The form of each stage that has one, by the stage's id, as a definition of one page, so that it is judged the same way."""
        forms = {
            stage.id: Definition(
                procedure=self.procedure,
                kind="survey",
                title=stage.title,
                department=self.department,
                tables=self.tables,
                steps=(Step(id=stage.id, title=stage.title, fields=stage.form.fields, checks=stage.form.checks),),
                workflow=WorkflowUse(preset="notification"),
            )
            for stage in self.workflow.stages
            if isinstance(stage.form, StageForm)
        }
        for form in forms.values():
            form.set_unread(self.unread)
            form.use_vocabulary(self.vocabulary)
        return forms

    def step(self, step_id: str) -> Step:
        """A step by its id. KeyError if there is none."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)

    def split(self, answers: Mapping[str, JsonValue]) -> dict[str, dict[str, JsonValue]]:
        """The answers that each procedure gets, by its key: of one that is asked by itself all of them."""
        return {self.procedure: dict(answers)}

    def join(self, shares: Mapping[str, Mapping[str, JsonValue]]) -> dict[str, JsonValue]:
        """The answers of which these are the shares."""
        return dict(shares[self.procedure])

    def split_by_path(self, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """What each procedure gets of anything that is told by path (typed texts, what the map says)."""
        return {self.procedure: dict(values)}

    def join_by_path(self, shares: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        """The whole of which these are the shares."""
        return dict(shares[self.procedure])

    def path_in(self, procedure: str, path: str) -> str | None:
        """A path as one of the procedures has it; None for what it does not ask."""
        return path if procedure == self.procedure else None

    def path_of(self, procedure: str, path: str) -> str | None:
        """A path of one of the procedures as it is called here."""
        return path if procedure == self.procedure else None

    def asked_by(self, field_id: str) -> Sequence[tuple["Definition", FieldType]]:
        """Each procedure that asks a question, with the question as that procedure writes it."""
        return [(self, self.fields[field_id])]

    def subject(self, step_id: str) -> "Definition | None":  # noqa: ARG002 - a composition tells by it
        """The procedure that a page is about, where several are asked together and this one does not belong to all."""
        return None

    def step_of(self, field_id: str) -> Step:
        """The step that asks a question. KeyError if there is none."""
        for step in self.steps:
            if any(field.id == field_id for field in step.fields):
                return step
        raise KeyError(field_id)


def group_fields(field: FieldType) -> tuple[FieldType, ...]:
    """The questions of one row, if the field is a repeatable group; else nothing."""
    return tuple(field.fields) if isinstance(field, GroupField) else ()


def questions_in(field: FieldType) -> tuple[FieldType, ...]:
    """A question and all that are asked in its rows, those of a group in a group too."""
    return (field, *(question for inner in group_fields(field) for question in questions_in(inner)))

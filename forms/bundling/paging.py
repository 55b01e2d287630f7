"""On which page a composition asks what: first who, where and when, then the household and the children, then the subject of each procedure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, get_args

from forms.bundling.joining import JointQuestion, Level
from forms.catalogue.vocabulary import Topic
from forms.definition.procedure import Definition
from forms.definition.step import Step
from forms.evaluation.program import Program, program_of
from forms.fields import FieldType, GroupField
from forms.text.messages import messages

TOPICS: Final[tuple[Topic, ...]] = get_args(Topic)


@dataclass
class Page:
    """One page: of a topic that several procedures share, or a page of one procedure (`procedure`, `step`)."""

    id: str
    procedure: str | None = None
    step: Step | None = None
    joints: list[JointQuestion] = field(default_factory=list)

    @property
    def asks(self) -> bool:
        """Whether anything is asked on it; statements alone ask nothing."""
        return any(joint.askings[0].question.is_question for joint in self.joints)

    def made(self, fields: Mapping[str, FieldType]) -> Step:
        """The page with its questions as the composition asks them. What must hold on it the procedures judge."""
        questions: Any = tuple(fields[joint.field_id] for joint in self.joints)
        if self.step is not None:
            return self.step.model_copy(update={"id": self.id, "show_when": None, "fields": questions, "checks": ()})
        title, short = messages()[f"topic_{self.id}"], messages()[f"topic_{self.id}_short"]
        return Step.model_construct(id=self.id, title=title, short=short, fields=questions)


def pages_of(definitions: Sequence[Definition], level: Level) -> list[Page]:
    """The pages in their order, each with something to ask. Nothing is asked before what decides whether it is."""
    shared = set(_shared_topics(definitions, level))
    pages = [Page(topic) for topic in TOPICS if topic in shared]
    homes: dict[tuple[str, str], Page] = {}
    for definition in definitions:
        for step in definition.steps:
            own = f"{definition.procedure.replace('-', '_')}__{step.id}"
            homes[definition.procedure, step.id] = page = Page(own, definition.procedure, step)
            pages.append(page)
    by_topic = {page.id: page for page in pages if page.step is None}
    steps = {definition.procedure: definition for definition in definitions}
    for joint in level.joints:
        topic = topic_of(steps[joint.askings[0].procedure], joint)
        first = joint.askings[0]
        home = homes[first.procedure, steps[first.procedure].step_of(first.question.id).id]
        by_topic.get(topic or "", home).joints.append(joint)
    for page in by_topic.values():
        _sort_by_vocabulary(page, steps)
    _ask_what_decides_first(pages, steps)
    _move_lone_statements(homes, pages, steps)
    return [page for page in pages if page.joints]


def topic_of(definition: Definition, joint: JointQuestion) -> Topic | None:
    """What a question is about, as its shared item says."""
    item = definition.vocabulary.items.get(joint.item) if joint.item is not None else None
    return item.topic if item is not None else None


def _shared_topics(definitions: Sequence[Definition], level: Level) -> Iterator[Topic]:
    """The topics of which several procedures ask something."""
    by_key = {definition.procedure: definition for definition in definitions}
    for topic in TOPICS:
        joints = [joint for joint in level.joints if topic_of(by_key[joint.askings[0].procedure], joint) == topic]
        serving = (joint.procedures | _taking_from(joint, level) for joint in joints)
        if len(frozenset().union(*serving)) > 1:
            yield topic


def _taking_from(joint: JointQuestion, level: Level) -> frozenset[str]:
    """The procedures with rows that are filled in from what this question says, so that it comes before them."""
    return frozenset(
        asking.procedure
        for other in level.joints
        for asking in other.askings
        if isinstance(asking.question, GroupField)
        and asking.question.rows_from is not None
        and joint.item in asking.question.rows_from.items
    )


def _sort_by_vocabulary(page: Page, definitions: Mapping[str, Definition]) -> None:
    orders = {key: {name: n for n, name in enumerate(made.vocabulary.items)} for key, made in definitions.items()}
    page.joints.sort(key=lambda joint: orders[joint.askings[0].procedure].get(joint.item or "", 0))


def _ask_what_decides_first(pages: Sequence[Page], definitions: Mapping[str, Definition]) -> None:
    """Bring to a page, from later ones, what its questions depend on."""
    places = {joint.field_id: number for number, page in enumerate(pages) for joint in page.joints}
    by_name = {
        (asking.procedure, asking.question.id): joint
        for page in pages
        for joint in page.joints
        for asking in joint.askings
    }

    def settled(joint: JointQuestion, number: int) -> Iterator[JointQuestion]:
        """What must come before a question on this page, and then the question itself."""
        places[joint.field_id] = number
        for key in _deciding(joint, definitions):
            other = by_name.get(key)
            if other is not None and places[other.field_id] > number:
                yield from settled(other, number)
        yield joint

    for number, page in enumerate(pages):
        brought = [before for joint in page.joints for before in settled(joint, number)]
        page.joints = list({joint.field_id: joint for joint in brought}.values())
        here = {joint.field_id for joint in page.joints}
        for later in pages[number + 1 :]:
            later.joints = [joint for joint in later.joints if joint.field_id not in here]


def _deciding(joint: JointQuestion, definitions: Mapping[str, Definition]) -> Iterator[tuple[str, str]]:
    """The questions, by procedure and id, on which it depends whether and how a question is asked."""
    for asking in joint.askings:
        program = program_of(definitions[asking.procedure])
        name = asking.question.id
        if not joint.always_shows:
            yield from ((asking.procedure, other) for other in program.questions(*program.conditions.get(name, ())))
        sources: frozenset[str] = frozenset()
        if name in program.offers:
            sources |= program.offers[name].sources
        if name in program.rows:
            sources |= program.rows[name].sources
        yield from ((asking.procedure, other) for other in _questions(program, sources) if other != name)


def _questions(program: Program, names: Iterable[str]) -> Iterator[str]:
    for name in sorted(names):
        yield from sorted(program.computed_from.get(name, {name}))


def _move_lone_statements(
    homes: Mapping[tuple[str, str], Page], pages: Sequence[Page], definitions: Mapping[str, Definition]
) -> None:
    """A page of which only statements are left gives them to the page on which its questions are asked now."""
    for (procedure, step_id), page in homes.items():
        if page.asks or not page.joints:
            continue
        own = {question.id for question in definitions[procedure].step(step_id).fields if question.is_question}
        for other in reversed(pages):
            if any(
                asking.procedure == procedure and asking.question.id in own
                for j in other.joints
                for asking in j.askings
            ):
                other.joints += page.joints
                page.joints = []
                break

"""One made-up resident, who fills in a form question by question until nothing is missing, and corrects what is refused."""

from collections.abc import Iterator
from random import Random
from typing import Any

from pydantic import JsonValue

from forms.checks.completing import put_answer
from forms.definition.procedure import Definition
from forms.evaluation.city import City
from forms.evaluation.earlier import EARLIER
from forms.evaluation.evaluate import Evaluator
from forms.evaluation.program import program_of
from forms.evaluation.result import Evaluation
from forms.fields import FieldType, GroupField, ReadContext
from forms.fields.occurrences import answer_at
from forms.fields.offering import OffersOptions
from forms.fields.path import head_of
from forms.fields.place import PlaceField
from forms.walking.pools import Pools

#: Rounds of answering what is asked; a round answers everything that shows, so this is the longest chain of conditions seen through.
_MAX_ROUNDS = 60
#: Attempts at other answers where a check refuses.
_MAX_CORRECTIONS = 25


class Resident:
    """Somebody with made-up answers. `leaves_empty` says whether they skip what need not be answered."""

    def __init__(
        self, definition: Definition, pools: Pools, context: ReadContext, city: City | None, random: Random
    ) -> None:
        self.definition, self.pools, self.context, self.city, self.random = definition, pools, context, city, random
        self.leaves_empty = random.random()
        self.answers: dict[str, Any] = {}
        self.facts: dict[str, Any] = {}
        self.skipped: set[str] = set()
        self.unanswerable: set[str] = set()
        self.evaluations = 0
        for name, fact in definition.vocabulary.facts.items():
            if fact.type == "bool":
                self.facts[name] = random.random() < 0.5
        if earlier := pools.earlier():
            known = {name: random.choice(values) for name, values in earlier.items()}
            self.facts[EARLIER] = {name: value for name, value in known.items() if value is not None}

    def fill_in(self) -> Iterator[tuple[Evaluator, Evaluation]]:
        """Answer until nothing is missing, then correct what the checks refuse; gives the state before each correction and the last."""
        evaluator, evaluation = self._answer_all()
        for _ in range(_MAX_CORRECTIONS):
            yield evaluator, evaluation
            if not (evaluation.field_errors or evaluation.check_failures) or not self._correct(evaluation):
                break
            evaluator, evaluation = self._answer_all()

    def _answer_all(self) -> tuple[Evaluator, Evaluation]:
        for _ in range(_MAX_ROUNDS):
            evaluator = Evaluator(self.definition, self.answers, self.facts, self.context, self.city)
            evaluation = evaluator.run()
            self.evaluations += 1
            self.skipped -= evaluation.required
            answered = [
                self._answer(path, evaluator, demanded=path in evaluation.required)
                for path in evaluation.visible
                if self._is_open(path)
            ]
            if not any(answered):
                break
        return evaluator, evaluation

    def _is_open(self, path: str) -> bool:
        return path not in self.skipped and path not in self.unanswerable and answer_at(self.answers, path) is None

    def _answer(self, path: str, evaluator: Evaluator, *, demanded: bool) -> bool:
        field = self.definition.question_at(path)
        if field is None or not field.is_question:
            return False
        is_optional = not demanded and (not field.required or field.default is not None)
        if field.read_only or (is_optional and self.random.random() < self.leaves_empty):
            self.skipped.add(path)
            return False
        value = self._of_rows(field, evaluator) if _offers_rows(field) else self._value(field)
        if value is None and _offers_rows(field):
            return False  # there may be rows to choose from later
        if value is None:
            self.unanswerable.add(path)
            return False
        put_answer(self.answers, path, value)
        if isinstance(field, PlaceField):
            map_facts = {name: self.random.choice(values) for name, values in self.pools.look_ups(field).items()}
            self.facts[path] = {name: value for name, value in map_facts.items() if value is not None}
        return True

    def _value(self, field: FieldType) -> JsonValue:
        if isinstance(field, GroupField):
            least = max(field.least, 1)
            return [{} for _ in range(self.random.randint(least, min(field.most, least + 2)))]
        pool = self.pools.answers(field)
        return self.random.choice(pool) if pool else None

    def _of_rows(self, field: FieldType, evaluator: Evaluator) -> JsonValue:
        """One of the resident's own answers that a question offers."""
        assert isinstance(field, OffersOptions)  # noqa: S101 - see `_offers_rows`
        options = field.offered(evaluator.context)
        answer = field.answer(self.random.choice(options)) if options else None
        return [answer] if answer is not None and field.type != "choice" else answer

    def _correct(self, evaluation: Evaluation) -> bool:
        """Take back the answers that a check speaks of, so that others are tried. False where there are none."""
        program = program_of(self.definition)
        names: set[str] = {head_of(path) for path in evaluation.field_errors}
        for failure in evaluation.check_failures:
            names |= program.questions(program.checks[failure.step, failure.number])
        names = names.union(*(program.sources(name) for name in names))
        answered = sorted(name for name in names if name in self.answers or name in self.skipped)
        if not answered:
            return False
        name = self.random.choice(answered)
        self.answers.pop(name, None)
        shared = self.definition.vocabulary.facts
        self.facts = {path: facts for path, facts in self.facts.items() if head_of(path) != name or path in shared}
        for paths in (self.skipped, self.unanswerable):
            paths -= {path for path in paths if head_of(path) == name}
        return True


def _offers_rows(field: FieldType) -> bool:
    return isinstance(field, OffersOptions) and field.source is not None and field.source.answers is not None

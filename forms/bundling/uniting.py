"""What follows from the answers to a composition: what its procedures say of their shares, by the names of the whole."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from forms.bundling.composition import Composition, Member
from forms.bundling.offering import offers_of
from forms.definition.procedure import group_fields
from forms.evaluation.capacity import Claims
from forms.evaluation.fee import Fee
from forms.evaluation.result import CheckFailure, Evaluation
from forms.fields import FieldError, FieldType, GroupField
from forms.fields.occurrences import question_at
from forms.fields.path import FieldPath

Value = TypeVar("Value")


@dataclass(frozen=True)
class _Share:
    """What one procedure says. `prefix` stands before what the others may call the same."""

    member: Member
    outcome: Evaluation
    prefix: str

    def path(self, path: str) -> str:
        """A path of its own as the composition has it."""
        return self.member.renaming.path(path) or path

    def by_path(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """The same for all that is told by path."""
        return {self.path(path): value for path, value in values.items()}

    def fee(self, fee: Fee) -> Fee:
        """A fee with its lines under ids of their own."""
        lines = tuple(replace(line, id=f"{self.prefix}{line.id}") for line in fee.lines)
        return Fee(lines, frozenset(map(self.path, fee.open_questions)))


def united(composition: Composition, outcomes: Mapping[str, Evaluation]) -> Evaluation:
    """The outcome of the whole, from that of each procedure by its key."""
    shares = [_Share(composition.members[key], outcome, f"{key}.") for key, outcome in outcomes.items()]
    visible = {share.path(path) for share in shares for path in share.outcome.visible}
    errors = _errors(shares)
    return Evaluation(
        language=shares[0].outcome.language,
        steps=tuple(step.id for step in composition.steps if any(field.id in visible for field in step.fields)),
        visible=_in_order(composition, visible),
        answers=composition.join({share.member.key: share.outcome.answers for share in shares}),
        field_errors={path: errors[path] for path in _in_order(composition, errors)},
        check_failures=tuple(_failures(shares, lambda outcome: outcome.check_failures)),
        fee=_sum_of(share.fee(share.outcome.fee) for share in shares),
        assign_to=None,
        valid_until={f"{share.prefix}{key}": day for share in shares for key, day in share.outcome.valid_until.items()},
        facts=_together(share.by_path(share.outcome.facts) for share in shares),
        waiting=frozenset(share.path(path) for share in shares for path in share.outcome.waiting) - errors.keys(),
        required=frozenset(path for share in shares for path in _demanded(composition, share)),
        warnings=tuple(_failures(shares, lambda outcome: outcome.warnings)),
        computed={f"{share.prefix}{name}": value for share in shares for name, value in share.outcome.computed.items()},
        defaults=frozenset(share.path(path) for share in shares for path in share.outcome.defaults),
        statements=_together(share.by_path(share.outcome.statements) for share in shares),
        places=Claims(
            tuple(claim for share in shares for claim in share.outcome.places.claims),
            tuple(rule for share in shares for rule in share.outcome.places.undecided),
        ),
        consents=tuple(need for share in shares for need in share.outcome.consents),
        payout=_sum_of(share.fee(share.outcome.payout) for share in shares),
        offers=offers_of(composition, outcomes),
        row_limits=_row_limits(shares),
        shares=dict(outcomes),
    )


def _sum_of(fees: Iterable[Fee]) -> Fee:
    """What several fees ask for together."""
    each = list(fees)
    return Fee(
        tuple(line for fee in each for line in fee.lines), frozenset[str]().union(*(fee.open_questions for fee in each))
    )


def _errors(shares: Iterable[_Share]) -> dict[str, tuple[FieldError, ...]]:
    """What must be corrected by path; what several procedures say alike, once."""
    errors: dict[str, list[FieldError]] = {}
    for share in shares:
        for path, new in share.by_path(share.outcome.field_errors).items():
            known = errors.setdefault(path, [])
            known += [error for error in new if not any(_is_same(error, other) for other in known)]
    return {path: tuple(each) for path, each in errors.items()}


def _is_same(error: FieldError, other: FieldError) -> bool:
    return (error.code, dict(error.values), error.text) == (other.code, dict(other.values), other.text)


def _failures(shares: Iterable[_Share], of: Callable[[Evaluation], tuple[CheckFailure, ...]]) -> Iterator[CheckFailure]:
    """The checks that do not hold; what several procedures say alike of the same questions, once."""
    told = set()
    for share in shares:
        for failure in of(share.outcome):
            step = share.member.steps[failure.step, failure.number]
            fields = tuple(share.path(field_id) for field_id in failure.fields)
            words = (fields or step, failure.message(share.outcome.language))
            if words not in told:
                told.add(words)
                yield replace(failure, step=step, fields=fields)


def _demanded(composition: Composition, share: _Share) -> Iterator[str]:
    """Where this procedure demands an answer and the question of the composition by itself does not."""
    yield from (share.path(path) for path in share.outcome.required)
    definition = share.member.definition
    for path in share.outcome.visible:
        own, united = question_at(definition.fields, path), question_at(composition.fields, share.path(path))
        if own is not None and united is not None and own.required and not united.required:
            yield share.path(path)


def _row_limits(shares: Iterable[_Share]) -> dict[str, tuple[int, int]]:
    """The fewest and the most rows of a group where that follows from other answers, or several procedures limit them."""
    limits: dict[str, tuple[int, int]] = {}
    for share in shares:
        for group in share.member.definition.fields.values():
            if not isinstance(group, GroupField) or not share.outcome.is_visible(group.id):
                continue
            path, own = share.path(group.id), share.outcome.row_limits.get(group.id, (group.least, group.most))
            least, most = limits.get(path, own)
            limits[path] = max(least, own[0]), min(most, own[1])
    return limits


def _together(parts: Iterable[Mapping[str, Value]]) -> dict[str, Value]:
    together: dict[str, Value] = {}
    for part in parts:
        together = {**part, **together}
    return together


def _in_order(composition: Composition, paths: Iterable[str]) -> tuple[str, ...]:
    """Paths in the order of the form, row by row."""
    return tuple(sorted(paths, key=lambda path: tuple(_places(list(composition.fields.values()), path))))


def _places(fields: list[FieldType], path: str) -> Iterator[int]:
    at = FieldPath.parse(path)
    while at.parts:
        number = next((n for n, question in enumerate(fields) if question.id == at.head), -1)
        yield number
        if at.row is None or number < 0:
            return
        yield at.row
        fields, at = list(group_fields(fields[number])), at.in_row

"""The result of an evaluation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pydantic import JsonValue

from forms.evaluation.capacity import NO_CLAIMS, Claims
from forms.evaluation.consents import ConsentNeed
from forms.evaluation.fee import NOTHING, Fee
from forms.evaluation.offered import Offers
from forms.fields import FieldError
from forms.fields.path import FieldPath
from forms.text.localized import Text
from forms.text.messages import message


@dataclass(frozen=True)
class CheckFailure:
    """A check between answers that does not hold, or, with `judged` false, of which nobody can say whether it does.

    `number` counts the checks of the step from 0; `fields` are the questions at which the message is shown, if any.
    """

    step: str
    number: int
    fields: tuple[str, ...]
    rule: Text
    judged: bool = True

    def message(self, language: str) -> str:
        """What the applicant reads."""
        rule = self.rule.for_language(language)
        return rule if self.judged else message("check_undecided", language, rule=rule)


@dataclass(frozen=True)
class Evaluation:
    """Everything that follows from answers and facts.

    `statements` has the words of statements on pages that follow from answers, by the id of the question.

    `visible` has the paths of the questions that are asked, in order, with those of rows (`items.0.kind`); `answers`
    only what was answered of them. `field_errors` has what must be corrected by path, `fee` the money, `assign_to` the desk that
    the definition names, `valid_until` the last day of a document by its id. `waiting` are the questions without an answer that
    show because of another which is itself to be answered first, `required` those whose answer a condition demands. `warnings`
    are checks that do not hold and keep nobody from sending; `computed` has the definition's named values that are known.
    `row_limits` are the fewest and the most rows of a group for which an expression says so.
    `defaults` are the questions whose answer the definition gave, because the applicant wrote none or may write none.
    `places` are the limited places that this takes, `offers` says what questions offer. `consents` are the people to ask for theirs.
    `payout` is the money asked for, line by line. `shares` has, for a composition, what follows for each of its procedures by itself.
    """

    language: str
    steps: tuple[str, ...]
    visible: tuple[str, ...]
    answers: Mapping[str, JsonValue]
    field_errors: Mapping[str, tuple[FieldError, ...]]
    check_failures: tuple[CheckFailure, ...]
    fee: Fee
    assign_to: str | None
    valid_until: Mapping[str, date]
    facts: Mapping[str, object]
    waiting: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    warnings: tuple[CheckFailure, ...] = ()
    computed: Mapping[str, object] = field(default_factory=dict)
    defaults: frozenset[str] = frozenset()
    statements: Mapping[str, Text] = field(default_factory=dict)
    places: Claims = NO_CLAIMS
    consents: tuple[ConsentNeed, ...] = ()
    payout: Fee = NOTHING
    offers: Offers | None = field(default=None, compare=False, repr=False)
    row_limits: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    shares: "Mapping[str, Evaluation]" = field(default_factory=dict)

    @property
    def errors(self) -> dict[str, list[str]]:
        """Messages by path (`items.0.kind`); failed checks without a visible question are under `checks.<step>`."""
        messages = {
            path: [error.message(self.language) for error in errors] for path, errors in self.field_errors.items()
        }
        for failure in self.check_failures:
            beside = [field for field in failure.fields if self.is_visible(field)]
            for path in beside or [str(FieldPath.of_check(failure.step))]:
                messages.setdefault(path, []).append(failure.message(self.language))
        return messages

    @property
    def complete(self) -> bool:
        """Whether this can be submitted: nothing to correct, fee and places are decided, and everybody to ask for consent is known."""
        sound = not self.field_errors and not self.check_failures and all(need.email for need in self.consents)
        return sound and self.fee.decided and self.payout.decided and not self.places.undecided

    @property
    def consents_first(self) -> bool:
        """Whether somebody must consent before the office gets the application."""
        return any(need.rule.before == "submission" for need in self.consents)

    def share(self, procedure: str) -> "Evaluation":
        """What follows for one procedure by itself."""
        return self.shares.get(procedure, self)

    def is_visible(self, path: str) -> bool:
        """Whether a question is asked."""
        return path in self.visible

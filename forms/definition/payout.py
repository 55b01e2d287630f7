"""Money that the city pays to the applicant (補助金, 還付, 葬祭費): lines like those of the fee, an account, a budget."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from forms.definition.fee import FeeRule, Rounding, RoundTo, Yen
from forms.definition.strict_model import Expression, Id, StrictModel
from forms.text.localized import Text


class Budget(StrictModel):
    """The yen that there are for all decisions of a fiscal year, or of all years together. Lines with one `id` share it."""

    id: Id
    total: Annotated[int, Field(ge=1, le=1_000_000_000_000)]
    per: Literal["fiscal_year", "all_years"] = "fiscal_year"


class PayoutRule(StrictModel):
    """One line of what is paid, in yen: worked out as asked for, then decided by a person, who may lower it with a reason.

    It goes to the bank account of the question `account`. Above `second_person_above` yen a second person confirms the decision.
    """

    id: Id
    label: Text
    amount: Expression
    each: Id | None = None
    applies_when: Expression | None = None
    explain: Text | None = None
    rounding: Rounding = "down"
    round_to: RoundTo = 1
    maximum: Yen | None = None
    max_amount: Annotated[int, Field(ge=1, le=1_000_000_000)] = 10_000_000
    account: Id
    budget: Budget | None = None
    second_person_above: Yen | None = None

    @model_validator(mode="after")
    def _is_possible(self) -> "PayoutRule":
        if self.maximum is not None and self.maximum > self.max_amount:
            raise ValueError(
                "maximum が max_amount より大きいので、上限まで払えません。max_amount も大きくしてください。"
            )
        return self

    def as_line(self) -> FeeRule:
        """The same as a line of a fee, by whose rules it is worked out and explained."""
        return FeeRule(
            id=self.id,
            label=self.label,
            amount=self.amount,
            when="approved",
            each=self.each,
            applies_when=self.applies_when,
            explain=self.explain,
            rounding=self.rounding,
            round_to=self.round_to,
            maximum=self.maximum,
            max_amount=self.max_amount,
        )

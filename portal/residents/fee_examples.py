"""What a procedure costs, told by its own examples: they are worked out at every publication, so the amounts are those of the definition."""

from dataclasses import dataclass

import forms
from forms import Definition
from forms.definition.example import Example
from portal.core.tenancy import City
from portal.core.text import _, current_language, yen


@dataclass(frozen=True)
class FeeExample:
    """One example with a fee: its name as the department wrote it, in Japanese; how each line comes about; the total in yen."""

    name: str
    explanations: tuple[str, ...]
    amount: int


def example_amounts(definition: Definition) -> list[int]:
    """The amounts that come out of the examples, the least first, nothing owed aside."""
    return sorted({amount for example in definition.examples if (amount := _amount(example))})


def amounts_in_words(definition: Definition) -> str:
    """The range of the amounts that come out of the examples; empty where no example says one."""
    amounts = example_amounts(definition)
    if not amounts:
        return ""
    if len(amounts) == 1:
        return _("例：{amount}", amount=yen(amounts[0]))
    return _("例：{least}〜{most}", least=yen(amounts[0]), most=yen(amounts[-1]))


def fee_examples(definition: Definition, city: City, most: int = 2) -> list[FeeExample]:
    """The first examples of different amounts, at most so many."""
    shown: dict[int, FeeExample] = {}
    for example in definition.examples:
        amount = _amount(example)
        if amount and amount not in shown and len(shown) < most:
            shown[amount] = FeeExample(example.name, _explanations(definition, example, city), amount)
    return list(shown.values())


def _amount(example: Example) -> int:
    """The fee of an example that is a valid application; 0 where it says none."""
    if example.expect.errors or example.expect.fee is None:
        return 0
    fee = example.expect.fee
    return fee if isinstance(fee, int) else sum(fee.values())


def _explanations(definition: Definition, example: Example, city: City) -> tuple[str, ...]:
    language = current_language()
    evaluation = forms.evaluate(
        definition, example.answers, example.facts, today=example.on, language=language, city=example.city or city
    )
    return tuple(
        f"{line.label.for_language(language)} {line.explanation.for_language(language)}".strip()
        for line in evaluation.fee.lines
        if line.amount and line.explanation is not None
    )

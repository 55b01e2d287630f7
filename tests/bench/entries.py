"""What households enter: in one form for all that they need, beside the sum of their separate forms."""

from collections.abc import Iterator

from tests.kit.entries import bundles
from tests.kit.households import HOUSEHOLDS, ask, forms_of

HEAD = """An entry is an input that a person fills in; what stands there before (answered earlier, said for the plan, a default) is none.
Households with one form alone have nothing to put together.

| Household | in the plan | pages interview / facts | forms | separate entries | in one form | fewer |
|---|---:|---:|---:|---:|---:|---:|"""


def lines() -> Iterator[str]:
    """A line for each household, and the mean of those with several forms."""
    for name in HOUSEHOLDS:
        interview = ask(name)
        start = f"| {name} | {len(list(interview.plan.included))} | {interview.pages} / {interview.used} | {len(forms_of(name))} |"
        bundle = bundles().get(name)
        if bundle is None:
            yield f"{start} | | |"
            continue
        yield f"{start} {bundle.separate_entries} | {bundle.entries} | {float(bundle.spared):.0%} |"
    mean = sum(bundle.spared for bundle in bundles().values()) / len(bundles())
    yield f"| mean | | | | | | {float(mean):.0%} |"

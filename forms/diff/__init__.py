"""The changes between two versions of a definition, in words for clerks, money first."""

from forms.definition.procedure import Definition
from forms.diff.change import TOPICS, Change, Topic
from forms.diff.effects import ExampleEffect, example_effects
from forms.diff.names import SETTING_NAMES, setting_name
from forms.diff.walk import Walk
from forms.diff.wording import same

__all__ = ["SETTING_NAMES", "TOPICS", "Change", "ExampleEffect", "Topic", "diff", "example_effects", "setting_name"]


def diff(old: Definition, new: Definition) -> list[Change]:
    """Return every change from `old` to `new`, by topic and in the order of the document; nothing when both say the same."""
    if same(old, new):
        return []
    order = list(TOPICS)
    return sorted(Walk(old, new).changes(), key=lambda change: order.index(change.topic))

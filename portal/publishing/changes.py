"""The changes that a draft brings, as the pages of publishing show them."""

from itertools import groupby
from operator import attrgetter

from forms import Change, Definition, diff
from forms.diff import TOPICS, Topic


def changes_by_topic(old: Definition, new: Definition) -> list[tuple[Topic, str, list[Change]]]:
    """The topics of which something changed, money first, each with its heading and its changes."""
    by_topic = groupby(diff(old, new), key=attrgetter("topic"))
    return [(topic, TOPICS[topic], list(changes)) for topic, changes in by_topic]


def money_changes(old: Definition, new: Definition) -> list[Change]:
    """The changes that concern money, which whoever publishes must have read."""
    return [change for change in diff(old, new) if change.topic == "money"]

"""The changes that a draft brings, as the pages of publishing show them."""

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from forms import Change, Definition, diff
from forms.diff import TOPICS, Topic


def changes_by_topic(old: Definition, new: Definition) -> list[tuple[Topic, str, list[Change]]]:
    """The topics of which something changed, money first, each with its heading and its changes."""
    by_topic = groupby(diff(old, new), key=attrgetter("topic"))
    return [(topic, TOPICS[topic], list(changes)) for topic, changes in by_topic]


@dataclass(frozen=True)
class Summary:
    """What the question before publishing restates: every topic of which something changed, with how many changes; those of `money` in full."""

    topics: list[tuple[str, int]]
    money: list[Change]


def summary_of(old: Definition, new: Definition) -> Summary:
    """Return what a definition changes of the published one, in short."""
    topics = changes_by_topic(old, new)
    money = [change for topic, _title, changes in topics if topic == "money" for change in changes]
    return Summary([(title, len(changes)) for _topic, title, changes in topics], money)

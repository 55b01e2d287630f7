"""The parser events of a text in YAML 1.2: from libyaml, fifteen times as fast, where it reads a text in the same way."""

import re
from collections.abc import Iterator
from typing import Protocol, cast

import yaml
from ruamel.yaml import YAML, events

AliasEvent = events.AliasEvent | yaml.AliasEvent
DocumentStartEvent = events.DocumentStartEvent | yaml.DocumentStartEvent
Event = events.Event | yaml.Event
MappingEndEvent = events.MappingEndEvent | yaml.MappingEndEvent
MappingStartEvent = events.MappingStartEvent | yaml.MappingStartEvent
ScalarEvent = events.ScalarEvent | yaml.ScalarEvent
SequenceEndEvent = events.SequenceEndEvent | yaml.SequenceEndEvent
SequenceStartEvent = events.SequenceStartEvent | yaml.SequenceStartEvent

#: What ends a line in YAML 1.1, which libyaml reads, and not in 1.2; and what it allows in more places: tabs, and a comment that
#: stands right behind the sign of a block.
_READ_OTHERWISE = re.compile("[\t\x85\u2028\u2029]|[|>][-+0-9]*#")

_NULL = {"", "~", "null", "Null", "NULL"}
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))([eE][-+]?[0-9]{1,2})?")


class Mark(Protocol):
    """A place in a text: line and column from 0, and the number of characters before it."""

    line: int
    column: int
    index: int


def yaml_events(text: str) -> Iterator[Event]:
    """The events of any text. Raises MarkedYAMLError, and some other errors for a text that confuses the parser."""
    parser = YAML(typ="safe", pure=True)
    parser.version = (1, 2)
    yield from parser.parse(text)


def quick_events(text: str) -> Iterator[Event]:
    """The same events from libyaml, for a text that `reads_alike`. Raises yaml.YAMLError; such a text may still be YAML 1.2."""
    yield from yaml.parse(text, Loader=yaml.CSafeLoader)


def reads_alike(text: str) -> bool:
    """Whether libyaml gives the events of YAML 1.2 for a text without anchors, tags and faults."""
    return _READ_OTHERWISE.search(text) is None


def start_of(event: Event) -> Mark:
    """Where an event begins."""
    return cast(Mark, event.start_mark)


def end_of(event: Event) -> Mark:
    """Where an event ends."""
    return cast(Mark, event.end_mark)


def is_plain(event: ScalarEvent) -> bool:
    """Whether a scalar stands without quotes."""
    return not event.style


def plain_value(text: str) -> bool | int | float | str | None:
    """An unquoted scalar by the YAML 1.2 core schema, without octal, hexadecimal, infinity and not-a-number."""
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text

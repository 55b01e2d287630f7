"""Definitions that are published again, in another city or by another test: each is checked and compiled once in a process."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Any, TypeVar

import pytest

from forms import check, loading
from forms.catalogue.vocabulary import Vocabulary, procedure_files
from forms.definition.diagnostics import UnlocatedDiagnostic
from forms.definition.lists import Lists
from forms.definition.source import Source
from portal.procedures import actions

T = TypeVar("T")
NO_LISTS: Lists = MappingProxyType({})


@contextmanager
def definitions_once() -> Iterator[None]:
    """For this process. What the checks find is tested in tests/unit/forms; that made-up residents get through the procedures that come
    with Madoguchi, in tests/unit/catalogue: here they walk through the others alone.
    """
    checks = import_module("forms.checks.check")  # the name in the package is the function
    walk = checks.reach_diagnostics

    def reach_diagnostics(text: str | bytes, *more: object) -> Sequence[UnlocatedDiagnostic]:
        diagnostics: Sequence[UnlocatedDiagnostic] = () if text in _shipped() else walk(text, *more)
        return diagnostics

    examine = _once(loading.examine, _examined)
    with pytest.MonkeyPatch.context() as patch:
        for module in (loading, checks):
            patch.setattr(module, "examine", examine)
        patch.setattr(checks, "reach_diagnostics", reach_diagnostics)
        patch.setattr(actions, "check", _once(check, _checked))
        yield


def _once(function: Callable[..., T], key_of: Callable[..., object]) -> Callable[..., T]:
    """The same function, which keeps what it gave, and nobody changes, for arguments that `key_of` does not tell apart."""
    kept: dict[str, T] = {}

    def call(*arguments: Any, **more: Any) -> T:
        key = repr(key_of(*arguments, **more))
        if key not in kept:
            kept[key] = function(*arguments, **more)
        return kept[key]

    return call


def _examined(source: Source, lists: Lists = NO_LISTS, vocabulary: Vocabulary | None = None) -> object:
    return source.tree, sorted(source.unread, key=repr), *_shared(lists, vocabulary)


def _checked(text: str, lists: Lists = NO_LISTS, vocabulary: Vocabulary | None = None, **more: object) -> object:
    return text, sorted(more.items()), *_shared(lists, vocabulary)


def _shared(lists: Lists, vocabulary: Vocabulary | None) -> tuple[object, object]:
    """What a city's own tables and words say."""
    own = vocabulary.own(vocabulary.own_items | vocabulary.own_facts | vocabulary.own_roles) if vocabulary else {}
    return sorted(lists.items()), own


@cache
def _shipped() -> frozenset[str]:
    return frozenset(path.read_text(encoding="utf-8") for path in procedure_files())

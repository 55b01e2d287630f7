"""Definitions as objects, cached in the process: a published version never changes, so it is read and compiled once."""

from collections import OrderedDict
from contextlib import suppress
from hashlib import sha256
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import Definition, load, load_document
from forms.catalogue.vocabulary import Vocabulary
from forms.definition.lists import lists_in
from forms.loading import vocabulary_in
from forms.upgrading import LANGUAGE_VERSION, Upgraded, upgrade
from portal.core.database import city_of
from portal.core.errors import NotFound
from portal.procedures.models import ProcedureVersion
from portal.procedures.vocabulary import vocabulary_in_force

_MAX_DEFINITIONS = 500


class _DefinitionCache:
    """The most recently used definitions, by city, version and digest: a draft saved again is another definition."""

    def __init__(self) -> None:
        self._definitions: OrderedDict[tuple[str, int, bytes], Definition] = OrderedDict()
        self._published: dict[tuple[str, int], tuple[str, int, bytes]] = {}
        self._lock = Lock()

    def published(self, city: str, version_id: int) -> Definition | None:
        with self._lock:
            key = self._published.get((city, version_id))
            return self._definitions.get(key) if key else None

    def add(self, city: str, version: ProcedureVersion, words: Vocabulary | None = None) -> Definition:
        """The definition of a version; a draft is read with the words that the city shares now."""
        key = (city, version.id, version.digest + _digest(words))
        with self._lock:
            cached = self._definitions.get(key)
        definition = cached or _loaded(version, words)
        with self._lock:
            self._definitions[key] = definition
            self._definitions.move_to_end(key)
            if version.status != "draft":
                self._published[city, version.id] = key
            while len(self._definitions) > _MAX_DEFINITIONS:
                dropped, _ = self._definitions.popitem(last=False)
                self._published.pop(dropped[:2], None)
        return definition


_cache = _DefinitionCache()


def _digest(words: Vocabulary | None) -> bytes:
    own = words.own(words.own_items | words.own_facts) if words else {}
    return sha256(repr(own).encode()).digest() if own else b""


def _loaded(version: ProcedureVersion, words: Vocabulary | None) -> Definition:
    """Published in the present language, the tree that was checked then will do; with three hundred procedures a process needs it soon."""
    if version.status != "draft" and version.language == LANGUAGE_VERSION:
        with suppress(ValueError):  # the grammar has changed since
            return load_document(version.document)
    return load(upgraded(version).text, lists_in(version.document), words or vocabulary_in(version.document))


def upgraded(version: ProcedureVersion) -> Upgraded:
    """The text of a version in the present language, and what had to be rewritten for it. What is stored stays as it was published."""
    return upgrade(version.source) if version.language < LANGUAGE_VERSION else Upgraded(version.source)


def definition_of(session: Session, version_id: int) -> Definition:
    """Return the definition of a version, without a statement for one that is cached as published. Raises NotFound."""
    city = city_of(session)
    cached = _cache.published(city, version_id)
    if cached is not None:
        return cached
    version = session.scalar(select(ProcedureVersion).where(ProcedureVersion.id == version_id))
    if version is None:
        raise NotFound
    return _cache.add(city, version, vocabulary_in_force(session) if version.status == "draft" else None)


def definition_in(session: Session, version: ProcedureVersion) -> Definition:
    """Return the definition of a version row that is already loaded (a draft, for example)."""
    words = vocabulary_in_force(session) if version.status == "draft" else None
    return _cache.add(city_of(session), version, words)

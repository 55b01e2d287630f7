"""Definitions as objects, kept in the process: a published version never changes, so it is read and compiled once."""

import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from hashlib import sha256

from sqlalchemy import ARRAY, BigInteger, Row, Text, any_, bindparam, cast, select
from sqlalchemy.orm import Session

from forms import Definition, load, load_document
from forms.catalogue.vocabulary import Vocabulary
from forms.definition.lists import lists_in
from forms.loading import vocabulary_in
from forms.upgrading import LANGUAGE_VERSION, Upgraded, upgrade
from portal.core.database import city_of
from portal.core.errors import NotFound
from portal.procedures.models import ProcedureVersion
from portal.procedures.shelf import Shelf
from portal.procedures.vocabulary import vocabulary_in_force

_shelf = Shelf(room=16_000_000)
"""A procedure has some eleven thousand characters and takes seven times that in memory, so there is room for 1,400 and 110 MB."""

_VERSIONS = select(
    ProcedureVersion.id,
    ProcedureVersion.status,
    ProcedureVersion.document_language,
    cast(ProcedureVersion.document, Text),
).where(ProcedureVersion.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))


def upgraded(version: ProcedureVersion) -> Upgraded:
    """The text of a version in the present language, and what had to be rewritten for it. What is stored stays as it was published."""
    return upgrade(version.source) if version.language < LANGUAGE_VERSION else Upgraded(version.source)


def definition_of(session: Session, version_id: int) -> Definition:
    """Return the definition of a version, without a statement for one that is kept as published. Raises NotFound."""
    definition = definitions_of(session, (version_id,)).get(version_id)
    if definition is None:
        raise NotFound
    return definition


def definitions_of(session: Session, version_ids: Collection[int]) -> Mapping[int, Definition]:
    """Return the definitions of versions by their ids; one statement for all of those that are not kept as published."""
    city = city_of(session)
    kept = {version_id: _shelf.get((city, version_id, b"")) for version_id in version_ids}
    definitions = {version_id: definition for version_id, definition in kept.items() if definition is not None}
    missing = [version_id for version_id in kept if version_id not in definitions]
    if missing:
        for row in session.execute(_VERSIONS, {"ids": missing}):
            definitions[row.id] = (
                _draft_by_id(session, row.id) if row.status == "draft" else _published(session, city, row)
            )
    return definitions


def definition_in(session: Session, version: ProcedureVersion) -> Definition:
    """Return the definition of a version row that is already loaded (a draft, for example)."""
    return _draft(session, version) if version.status == "draft" else definition_of(session, version.id)


def _published(session: Session, city: str, row: Row[int, str, int, str]) -> Definition:
    version_id, _status, language, document = row
    key = (city, version_id, b"")
    return _shelf.get_or_make(key, len(document), lambda: _from_document(session, version_id, language, document))


def _from_document(session: Session, version_id: int, language: int, document: str) -> Definition:
    """In the present language, the tree that was checked when it was made will do: it takes a fiftieth of reading the text."""
    if language == LANGUAGE_VERSION:
        with suppress(ValueError):  # the grammar has changed since
            return load_document(json.loads(document))
    return read_from_text(session.get_one(ProcedureVersion, version_id))


def read_from_text(version: ProcedureVersion) -> Definition:
    """The definition of a published version, from its text, the rows of lists and the words with which it was published."""
    return load(upgraded(version).text, lists_in(version.document), vocabulary_in(version.document))


def _draft(session: Session, version: ProcedureVersion) -> Definition:
    """A draft is read with the words that the city shares now."""
    words = vocabulary_in_force(session)
    key = (city_of(session), version.id, version.digest + _digest(words))
    return _shelf.get_or_make(
        key, len(version.source), lambda: load(upgraded(version).text, lists_in(version.document), words)
    )


def _draft_by_id(session: Session, version_id: int) -> Definition:
    return _draft(session, session.get_one(ProcedureVersion, version_id))


def _digest(words: Vocabulary) -> bytes:
    own = words.own(words.own_items | words.own_facts)
    return sha256(repr(own).encode()).digest() if own else b""

"""Who sees a layer, and who may change it: staff of the departments that its entry names."""

from collections.abc import Callable, Collection
from functools import cached_property
from typing import Protocol

from sqlalchemy.orm import Session

from portal.core.access import StaffIdentity
from portal.core.text import pick
from portal.identity import Department, list_departments


class Guarded(Protocol):
    """A layer as far as rights are concerned."""

    @property
    def visible_to(self) -> str: ...

    @property
    def insiders(self) -> frozenset[str]: ...


class Kept(Protocol):
    """A layer with those who keep it."""

    @property
    def owner(self) -> str | None: ...

    @property
    def editors(self) -> Collection[str]: ...


class LayerSight:
    """What a member of staff may see and do with layers. Departments are read once, when a layer asks for them."""

    def __init__(self, session: Session, staff: StaffIdentity) -> None:
        self._session = session
        self._staff = staff

    @cached_property
    def _departments(self) -> list[Department]:
        return list_departments(self._session)

    @cached_property
    def titles(self) -> dict[str, str]:
        """The titles of all departments, by key."""
        return {department.key: pick(department.title, "ja") for department in self._departments}

    def _where(self, holds: Callable[[int], bool]) -> frozenset[str]:
        return frozenset(department.key for department in self._departments if holds(department.id))

    @cached_property
    def departments(self) -> frozenset[str]:
        """The keys of the departments in which this person has a role."""
        return self._where(lambda department: department in self._staff.roles or department in self._staff.carried)

    @cached_property
    def managed(self) -> frozenset[str]:
        """The keys of the departments for which this person makes layers."""
        return self._where(lambda department: self._staff.may("layer.manage", department))

    def sees(self, layer: Guarded) -> bool:
        """Whether this person sees it: it is for everybody or all staff, or names a department of theirs."""
        return layer.visible_to != "groups" or not layer.insiders.isdisjoint(self.departments)

    def manages(self, layer: Kept) -> bool:
        """Whether this person decides about it; a layer that no department owns belongs to everybody who makes layers."""
        return bool(self.managed) if layer.owner is None else layer.owner in self.managed

    def edits(self, layer: Kept) -> bool:
        """Whether this person may give it new features."""
        kept_by = {*layer.editors, *([layer.owner] if layer.owner else [])}
        edited = self._where(lambda department: self._staff.may("layer.edit", department))
        return self.manages(layer) or not edited.isdisjoint(kept_by)

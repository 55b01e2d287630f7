"""What must be corrected before publishing: the definition's own errors, and what this city does not have."""

from collections.abc import Collection
from dataclasses import dataclass
from operator import attrgetter

from sqlalchemy.orm import Session

from forms import Diagnostic, check
from portal import procedures
from portal.core import tenancy
from portal.core.clock import today
from portal.core.database import city_of
from portal.procedures import Procedure
from portal.publishing.of_this_city import city_diagnostics
from portal.publishing.plain_lines import explanation_diagnostics
from portal.publishing.preview_page import loadable


@dataclass(frozen=True)
class Diagnostics:
    """Errors, which keep a draft from being published, and advice."""

    errors: list[Diagnostic]
    advice: list[Diagnostic]

    @property
    def all(self) -> list[Diagnostic]:
        """Errors first, each kind by line, lists of work last."""
        kinds = (self.errors, self.advice)
        single = [[diagnostic for diagnostic in kind if not diagnostic.items] for kind in kinds]
        return [*(diagnostic for kind in single for diagnostic in sorted(kind, key=attrgetter("line"))), *self.tasks]

    @property
    def tasks(self) -> list[Diagnostic]:
        """What is a list of work over many places: translations. Those that keep from publishing come first."""
        return [diagnostic for diagnostic in (*self.errors, *self.advice) if diagnostic.items]


def diagnose(session: Session, procedure: Procedure, source: str, beside: Collection[str] = ()) -> Diagnostics:
    """Every check of a draft; `beside` are the names of pictures that come with it."""
    diagnostics = check(
        source,
        city=tenancy.city(city_of(session)),
        today=today(),
        further=lambda definition: city_diagnostics(session, procedure, definition, beside),
        lists=procedures.lists_for(session, source),
        vocabulary=procedures.vocabulary_in_force(session),
    )
    definition = loadable(session, source)
    if definition is not None:
        diagnostics += list(explanation_diagnostics(definition, source))
    return Diagnostics(
        [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"],
        [diagnostic for diagnostic in diagnostics if diagnostic.severity != "error"],
    )

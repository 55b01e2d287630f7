"""One procedure of a bundle."""

from dataclasses import dataclass

from forms import Definition
from portal.cases.models import Draft
from portal.core.text import current_language

WAITING, CALLED_OFF, FAILED = "waiting", "called_off", "failed"
"""What `Draft.bundle_state` says of one that was not sent with the others."""


@dataclass(frozen=True)
class Member:
    """A draft of a bundle, and the definition of the version that the draft is pinned to."""

    draft: Draft
    definition: Definition

    @property
    def key(self) -> str:
        """The procedure's key; a bundle has a procedure once."""
        return self.draft.procedure_key

    @property
    def title(self) -> str:
        """What the procedure is called, for the reader."""
        return self.definition.title.for_language(current_language())

"""What happens to an application: drafts, submission, the case with its places and events, moves of its workflow, corrections, messages.

Others may use `drafts`, `places.survey`, `submission.submit`, `moves.available` and `moves.carry_out`, `corrections`, `messages`
and `queries`. `paying` hears from payments when money has come; whoever serves or works imports it through `portal.cases.jobs`.
"""

from portal.cases import events, rights

__all__ = ["events", "rights"]

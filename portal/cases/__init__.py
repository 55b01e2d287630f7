"""What happens to an application: drafts, submission, the case with its places and events, moves of its workflow, corrections, messages.

Others may use `drafts`, `places.inspect_places`, `submission.submit`, `moves.available` and `moves.apply_transition`, `corrections`, `messages`
and `queries`. `portal.wiring` connects `payment_listeners` to payments when a process starts.
"""

from portal.cases import events, rights

__all__ = ["events", "rights"]

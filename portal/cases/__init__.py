"""What happens to an application: drafts, submission, the case with its places and events, moves of its workflow, corrections, messages.

Others may use `drafts`, `places.survey`, `submission.submit`, `moves.available` and `moves.carry_out`, `corrections`, `messages`
and `queries`. Registers itself with payments to hear when money has come.
"""

"""Every mail the portal sends, with the values its text needs. A mail says that something happened; what it was is shown on the portal."""

KINDS: dict[str, frozenset[str]] = {
    "sign_in_code": frozenset({"code", "path"}),
    "resume_link": frozenset({"title", "path", "until"}),
    "consent_request": frozenset({"title", "applicant", "until", "path"}),
    "consent_reminder": frozenset({"title", "applicant", "until", "path"}),
    "consent_code": frozenset({"title", "code", "path"}),
    "consent_answered": frozenset({"number", "title", "agreed", "path"}),
    "consent_revoked": frozenset({"number", "title", "path"}),
    "case_received": frozenset({"number", "title", "path"}),
    "bundle_received": frozenset({"received", "waiting", "path"}),
    "waiting_opened": frozenset({"number", "title", "first", "path"}),
    "waiting_called_off": frozenset({"title", "first", "path"}),
    "waiting_failed": frozenset({"title", "first", "path"}),
    "payment_request": frozenset({"number", "title", "amount", "until", "path"}),
    "payment_reminder": frozenset({"number", "title", "amount", "until", "path"}),
    "payment_overdue": frozenset({"number", "title", "amount", "until", "path"}),
    "payment_demand": frozenset({"number", "title", "amount", "until", "path"}),
    "payment_received": frozenset({"number", "title", "amount", "path"}),
    "payer_confirmation": frozenset({"titles", "amount", "path"}),
    "payment_failed": frozenset({"number", "title", "amount", "path"}),
    "correction_request": frozenset({"number", "title", "until", "path"}),
    "deadline_reminder": frozenset({"number", "title", "until", "path"}),
    "decision_approved": frozenset({"number", "title", "path"}),
    "decision_refused": frozenset({"number", "title", "path"}),
    "message_from_office": frozenset({"number", "title", "path"}),
    "map_answered": frozenset({"number", "title", "edited", "path"}),
    "appointment_reminder": frozenset({"number", "title", "until", "path"}),
    "lottery_result": frozenset({"number", "title", "path"}),
    "lottery_offer": frozenset({"number", "title", "until", "path"}),
    "place_free": frozenset({"title", "until", "path"}),
    "dispute_opened": frozenset({"number", "title", "amount", "until", "path"}),
    "paid_twice": frozenset({"number", "title", "amount", "by_office", "path"}),
    "transfer_instructions": frozenset({"number", "title", "amount", "account", "until", "path"}),
    "partly_transferred": frozenset({"number", "title", "amount", "missing", "until", "path"}),
    "transfer_returned": frozenset({"number", "title", "amount", "by_office", "path"}),
    "fee_changed": frozenset({"number", "title", "before", "amount", "missing", "back", "until", "surveyed", "path"}),
    "later_fees_changed": frozenset({"number", "title", "before", "amount", "path"}),
    "fee_surveyed": frozenset({"number", "title", "label", "figure", "amount", "later", "path"}),
    "fee_waived": frozenset({"number", "title", "amount", "reason", "returned", "path"}),
    "waiver_revoked": frozenset({"number", "title", "amount", "path"}),
    "refund_done": frozenset({"number", "title", "amount", "kept", "path"}),
}
"""`path` is where on the city's site it can be read, `amount` whole yen, `kept` the yen of a payment that were not refunded, `reason`
what the office wrote, `by_office` whether the office gives money back that came to it, `returned` whether it was paid and goes back,
`until` a date or None, `number` the case number. `before` is what was due before a correction, `asked` and `back` the yen that are asked
for or go back because of it. `received` are the numbers and titles of the cases of a bundle, `waiting` the titles of what waits in it,
`first` those of the procedures that it waits for.
`label` is what was measured, `figure` what came of it with its unit, `surveyed` whether a fee changed because of that, `later` whether the fee is
asked for with the decision.
`edited` says whether a map was corrected.
`titles` are what somebody paid for somebody else. `account` is where to transfer to (`PaymentAttempt.transfer_account`), `missing` the yen that
have not come yet."""

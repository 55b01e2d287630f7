"""Every mail the portal sends, with the values its text needs. A mail says what happened and what to do next; answers, files and the
reasons of decisions are shown on the portal alone.
"""

OF_CASE = frozenset({"number", "title", "act", "office", "path"})
"""What every mail about a case says."""
KINDS: dict[str, frozenset[str]] = {
    "sign_in_code": frozenset({"code", "path"}),
    "resume_link": frozenset({"title", "path", "until"}),
    "trial_mail": frozenset({"path"}),
    "staff_invitation": frozenset({"name", "by", "until", "path"}),
    "colleague_mentioned": frozenset({"by", "path"}),
    "consent_request": frozenset({"title", "applicant", "until", "path"}),
    "consent_reminder": frozenset({"title", "applicant", "until", "path"}),
    "consent_code": frozenset({"title", "code", "path"}),
    "consent_answered": OF_CASE | {"agreed"},
    "consent_revoked": OF_CASE,
    "case_received": OF_CASE | {"amount", "until", "days", "visits"},
    "case_accepted": OF_CASE | {"days", "announcement", "next_step", "until", "visits"},
    "bundle_received": frozenset({"received", "amount", "until", "days", "visits", "waiting", "path"}),
    "waiting_opened": OF_CASE | {"first", "amount", "until", "days", "visits"},
    "waiting_called_off": frozenset({"title", "first", "path"}),
    "waiting_failed": frozenset({"title", "first", "path"}),
    "payment_request": OF_CASE | {"amount", "until", "announcement", "next_step", "conditions", "objection", "partly"},
    "payment_reminder": OF_CASE | {"amount", "until"},
    "payment_overdue": OF_CASE | {"amount", "until"},
    "payment_demand": OF_CASE | {"amount", "until"},
    "payment_received": OF_CASE | {"amount", "days"},
    "payments_received": frozenset({"lines", "amount", "days", "path"}),
    "payer_confirmation": frozenset({"titles", "amount", "path"}),
    "payment_failed": OF_CASE | {"amount", "until", "ran_out"},
    "correction_request": OF_CASE | {"until", "labels", "words"},
    "correction_received": OF_CASE | {"labels"},
    "deadline_reminder": OF_CASE | {"until"},
    "decision_approved": OF_CASE
    | {"announcement", "next_step", "days", "conditions", "objection", "partly", "starts", "ends", "valid_until"}
    | {"documents"},
    "decision_refused": OF_CASE | {"announcement", "objection", "money"},
    "case_withdrawn": OF_CASE | {"money"},
    "decision_changed": OF_CASE | {"reviewed_again", "objection", "documents"},
    "message_from_office": OF_CASE | {"announcement"},
    "case_transferred": OF_CASE | {"before"},
    "map_answered": OF_CASE | {"edited"},
    "appointment_reminder": OF_CASE | {"until"},
    "lottery_result": OF_CASE,
    "lottery_offer": OF_CASE | {"until"},
    "place_free": frozenset({"title", "places", "until", "path"}),
    "dispute_opened": frozenset({"number", "title", "amount", "until", "path"}),
    "paid_twice": OF_CASE | {"amount", "by_office"},
    "voucher_instructions": OF_CASE | {"amount", "stores", "until", "time", "pay_by", "loses_places"},
    "transfer_instructions": OF_CASE | {"amount", "account", "until", "pay_by", "loses_places"},
    "partly_transferred": OF_CASE | {"amount", "missing", "until"},
    "transfer_returned": OF_CASE | {"amount", "by_office"},
    "fee_changed": OF_CASE | {"before", "amount", "missing", "back", "until", "surveyed"},
    "later_fees_changed": OF_CASE | {"before", "amount"},
    "fee_surveyed": OF_CASE | {"label", "figure", "amount", "later"},
    "fee_waived": OF_CASE | {"amount", "reason", "returned"},
    "waiver_revoked": OF_CASE | {"amount"},
    "refund_done": OF_CASE | {"amount", "kept", "whole"},
    "refund_started": OF_CASE | {"amount"},
    "refund_account": OF_CASE | {"amount"},
}
"""`path` is where on the city's site it can be read, `amount` whole yen, `kept` the yen of a payment that were not refunded,
`whole` whether everything went back at once, `reason` what the office wrote, `by_office` whether the office gives money back that came to
it, `returned` whether it was paid and goes back, `until` a date or None, `pay_by` the last day of a fee where a way to pay
ends before it, or takes places with it (`loses_places`), else None, `number` the case number. `before` is what was due before a
correction, or the department that had a case before, `asked` and `back` the yen that are asked for or go back because of it. `received` are
the numbers and titles of the cases of a bundle, `waiting` the titles of what waits in it,
`first` those of the procedures that it waits for.
`name` is who is invited, `by` who invites, empty at the command line, or who wrote a note that names a colleague.
`label` is what was measured, `figure` what came of it with its unit, `surveyed` whether a fee changed because of that, `later` whether the fee is
asked for with the decision.
`office` is the title and phone of the office that has the case, `objection` whether one may ask for a review of a refusal or of
conditions, `partly` whether only a part was granted, `reviewed_again` whether the office, which revoked a decision, now reviews the case again.
`lines` are the numbers, titles and yen of applications that one payment was for. `money` says what becomes of what was paid, empty where
there is nothing to say.
`documents` are the titles of documents that the decision issues.
`edited` says whether a map was corrected. `act` is what the procedure calls what was sent (申請, 連絡); `announcement` and `next_step` are what its
definition says of the state that was reached, each empty where there is nothing to say; `starts`, `ends` and `valid_until` the days of what
was permitted, or None; `conditions` what the decision demands. `labels` are the questions to correct, or that were corrected,
and `words` what the office wrote about them:
enough to know what to look for before the page is opened. `stores` are the convenience stores with their name, payment_code and
confirmation_number, `time` the time of day until which a number works; `ran_out` says that nobody paid until then.
`days` are those that the applicant chose (`ChosenDay`), `places` the names of limited places that came free with how many of them and on which days.
`titles` are what somebody paid for somebody else. `account` is where to transfer to (`PaymentAttempt.transfer_account`), `missing` the yen that
have not come yet. `visits` are how somebody comes to the counter: for which procedure (`title`), `when` as they wrote it, to which `office`, the
`place` in the building and the things to `bring`, each empty where there is none."""

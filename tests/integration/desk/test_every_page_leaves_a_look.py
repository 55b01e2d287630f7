"""Every page of the desk that shows a case records who viewed it: a new page must not be forgotten."""

from flask import Flask

from portal.core.access import entry_of

SHOWN = {
    "desk.case", "desk_stage_forms.stage_form", "desk_stage_forms.stage_forms", "desk_acting.file", "desk_case_files.page", "desk_reviews.payment",
    "desk_dossiers.dossier", "desk_refunds.choose", "desk_fees.fees", "desk_surveys.surveys",
    "desk_neighbours.ask_for_case", "desk_neighbours.show", "desk_place_proposals.overview", "desk_place_proposals.edit",
    "desk_standard_texts.choose", "desk_case_transfers.ask", "desk_related_cases.show",
    "desk_visits.take_along",
}  # fmt: skip
"""Pages of one case; each has a test that its look is recorded."""
LISTED = {
    "desk.cases", "desk_daily_payments.day", "desk_daily_payments.table", "desk_reviews.waiting", "desk_appointments.day",
    "desk_failed_refunds.waiting", "desk_overdue_payments.waiting",
    "desk_payouts.overview", "desk_payouts.batch", "desk_consultations.waiting", "desk_sign_offs.waiting", "desk_mentions.overview", "desk_visits.waiting",
    "desk_ledger.open_items", "desk_ledger_comparison.differences", "desk_ledger_comparison.statement", "desk_ledger_slips.file",
    "desk_till_counter.counter", "desk_till_counter.entry", "desk_till_closing.report",
    "desk_till_cards.overview", "desk_card_statements.show", "desk_bulk.paper", "desk_case_transfers.gone", "desk_audit.trail",
}  # fmt: skip
"""Lists of cases, recorded as such."""
DOWNLOADED = {
    "desk_payouts.file",
    "desk_documents.document",
    "desk_issued_documents.fetch",
    "desk_ledger.export",
    "desk_audit.table",
    "desk_dashboard.table",
    "desk_case_export.export",
    "desk_neighbours.table",
    "desk_neighbours.labels",
    "desk_case_table.export",
    "desk_case_export.export_chosen",
}
"""Files that name people; each download is an event of its own."""
NAMES_NOBODY = {
    "desk_neighbours.ask": "where the addresses near a spot are asked for",
    "desk_mentions.unread": "how many notes name this person",
    "desk_dossiers.ask": "where a dossier is asked for",
    "desk_selecting.select": "names of places, and the number that was typed",
    "desk_intakes.ask": "what this person takes in and has not sent",
    "desk_bulk.show": "numbers and procedures of chosen cases, and what became of them",
    "desk_bulk.confirm": "how many of them, and the numbers of those that are left out",
    "desk_views.views": "filters that are kept",
    "desk_views.new": "a filter to keep",
    "desk_views.ask": "the name of a filter",
    "desk.period": "how many cases there are, day by day",
    "desk_density.hexagons": "how many cases there are, place by place",
    "desk_lotteries.lotteries": "how many applied, and when and by whom was drawn",
    "desk_places.places": "how many places are taken",
    "desk_payment_methods.overview": "by which methods fees are paid",
    "desk_payment_settings.overview": "which methods are on",
    "desk_dashboard.overview": "figures, and places with enough cases",
    "desk_dashboard.picture": "places with enough cases",
    "desk_audit.progress": "how far a check of the chain is",
    "desk_ledger.overview": "sums and bookings, which name no case",
    "desk_ledger_closing.closings": "who closed what",
    "desk_ledger_closing.codes": "codes of the budget",
    "desk_ledger_comparison.bank": "which files were taken in",
    "desk_ledger_slips.files": "which files were taken in, and sums whose fee is not known",
    "desk_visits.picture": "a place that the list of visits or the case showed",
    "desk_visits.kept": "an empty page, which a phone fills with what it keeps itself",
    "desk_visit_sync.session": "who is signed in",
    "desk_stage_files.file": "a file that is being chosen for a form whose page was a look",
    "desk_stage_files.thumbnail": "the same, small",
    "desk_tills.overview": "which tills are open, and sums to bring to the bank",
    "desk_tills.month": "sums of shifts",
    "desk_till_closing.count_sheet": "sums and an empty count sheet",
    "desk_case_cards.cards": "number, procedure, state, days and assignee of cases whose pins are looked at; pressing one opens it",
    "desk_tiles.cases": "where cases are, by number and state; pressing one opens it",
}


def test_every_page_that_shows_cases_is_decided_about(app: Flask) -> None:
    pages = set()
    for rule in app.url_map.iter_rules():
        entry = entry_of(app.view_functions[rule.endpoint])
        assert entry is not None
        if "GET" in (rule.methods or ()) and entry.right.startswith(
            ("case.", "payment.", "payout.", "ledger.", "till.", "audit.")
        ):
            pages.add(rule.endpoint)
    assert pages == SHOWN | LISTED | DOWNLOADED | NAMES_NOBODY.keys()

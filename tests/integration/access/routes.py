"""Every route of the portal with an address that leads to something in 日野市, and who may come in there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.core.access import Entry, entry_of
from tests.integration.access.town import Town

IN, MISSING, FORBIDDEN, NO_TOKEN = "in", "missing", "forbidden", "no token"
SIGN_IN = {"resident": "sign in as resident", "staff": "sign in as staff"}

OPEN_BY_SECRET = {"payments", "resident_auth", "staff_invitation"}
"""Blueprints whose addresses hold a secret of their own: anyone who has the address may come in (a payment, a mailed link)."""

FORMS: dict[str, dict[str, str]] = {
    "desk_acting.move": {"move": "accept"},
    "desk_acting.refund": {"decision": "approve"},
    "desk_failed_refunds.handle": {"act": "retry"},
    "desk_failed_refunds.transfer": {"act": "confirm"},
    "desk_fees.waive": {"charge": "1"},
    "desk_refunds.refund": {"note": "減額のため。"},
    "desk_reviews.decide": {"decision": "accepted", "version": "1"},
    "desk_views.change": {"act": "begin"},
    "desk_acting.message": {"body": "確認しました。"},
    "staff_admin.reset": {"step": "request"},
    "desk_retention.hold": {"act": "place", "reason": "審査請求が続いているため。"},
    "desk_issued_documents.act": {"act": "again"},
    "residents.shift": {"move-place": "area"},
    "residents.write": {"body": "よろしくお願いします。"},
    "departments.order": {"after": "*"},
    "words.preview": {"kind": "facts"},
    "words.save": {"kind": "facts"},
    "windows.save": {"new": "1"},
    "windows.move": {"key": "certificate", "seen": "0"},
    "windows.remove": {"key": "certificate", "seen": "0"},
}
"""What a form must hold so that the view does not stop at an empty one."""

FILE_QUESTION = {"step_id": "drawings", "key": "plans"}
"""Where an application to occupy a road asks for files."""

KEYS = {
    "desk_case_export.export": "cases.road-occupancy.area",
    "desk_case_export.export_chosen": "cases.road-occupancy.area",
    "desk_dashboard.table": "volumes",
    "residents.begin_plan": "moving",
    "residents.case_place": "area",
    "residents.draft_place": "area",
    "windows.edit_window": "moving",
}
"""Keys in addresses of neither a procedure nor a map layer."""

KEYS_OF = {"desk_city_roles": "no-such-role", "departments": "road-management"}
"""Keys in the addresses of whole parts of the desk."""

LEAVING = {"resident_auth.sign_out", "staff_auth.sign_out"}
"""Routes that end the session they are asked in; they have tests of their own."""

CLAIMING = {"residents.ask_claim", "residents.claim_case", "residents.ask_claim_bundle", "residents.claim_sent_bundle"}
"""Routes to cases that belong to nobody yet; those here have an owner, who need not claim them."""

PROFILE_ITEMS = {
    "residents.begin_with_handover",
    "residents.profile_item",
    "residents.edit_profile_item",
    "residents.ask_remove_item",
}
"""Routes to what a resident brought along: an item that is kept, until one of the routes of this walk removes it, or a handover, which is not in town."""

SEARCHES = {"residents.correction_options"}
"""Routes that search in long lists of options. This town's correction has none; once it is sent, its page says so instead."""

NOT_IN_TOWN = {
    *("residents.ask_handover", "residents.agree_to_handover", "residents.revoke_handover"),
    "staff_absences.end",
    *("desk_city_roles.role", "desk_city_roles.change", "desk_city_roles.remove"),
    *("residents.appointment", "residents.change", "residents.calendar", "desk_appointments.lift"),
    *("residents.send_stage_form", "residents.stage_form", "residents.ask_consent_again"),
    *("desk_ledger_slips.file", "desk_ledger_slips.take", "desk_ledger_slips.assign"),
    *("desk_tills.change", "desk_tills.open_till", "desk_till_counter.counter", "desk_till_counter.take"),
    *(f"desk_card_statements.{name}" for name in ("show", "take", "explain")),
    *("desk_till_counter.entry", "desk_till_counter.reverse", "desk_till_counter.pay_refund"),
    *(
        "desk_till_closing.count_sheet",
        "desk_till_closing.count",
        "desk_till_closing.report",
        "desk_till_closing.confirm",
    ),
    *(f"residents.{name}_stage_file" for name in ("add", "remove", "move")),
    *("residents.stage_file", "residents.stage_thumbnail"),
    "desk_failed_refunds.transfer",
    *("desk_fees.decide", "desk_surveys.enter", "desk_surveys.decide"),
    *("desk_payouts.batch", "desk_payouts.file", "desk_payouts.results"),
    *("residents.document", "residents.request_document", "desk_documents.document"),
    *("residents.issued_document", "desk_issued_documents.fetch", "desk_issued_documents.act"),
    *("desk_ledger_closing.reopening", "desk_ledger_comparison.explain"),
    *("desk_ledger_comparison.statement", "desk_ledger_comparison.take"),
    *("lists.show", "lists.download", "lists.preview", "lists.take", "words.remove"),
    *("republications.show", "republications.retry", "search_words.edit", "search_words.remove"),
    *(f"desk_layer_imports.{name}" for name in ("show", "answer", "take", "report")),
    *(f"desk_layer_history.{name}" for name in ("feature", "restore")),
    "desk_layer_editing.neighbours",
    *(f"desk_stage_files.{name}" for name in ("add", "remove", "move", "file", "thumbnail")),
    *(f"desk_visit_sync.{name}" for name in ("take_photo", "take_answers", "keep_late_photo", "keep_as_note")),
    "desk_visits.take_along",
    *(
        "residents.options",
        "residents.pieces",
        "residents.rows_table",
        "residents.rows_template",
        "residents.take_rows_table",
    ),
    *("publishing.picture", "residents.picture"),
    *("desk_ogc.item", "desk_program_keys.ask", "desk_program_keys.revoke"),
    *("residents.row_page", "residents.send_row", "residents.ask_to_remove_row", "residents.take_row_out"),
    *(f"desk_bulk.{name}" for name in ("show", "propose", "confirm", "start", "stop", "take_back", "paper")),
    *("desk_case_export.export_chosen", "desk_views.change", "desk_views.ask", "desk_views.delete"),
    *("desk_dossiers.dossier", "desk_layers.answer", "residents.contest_map", "desk_intakes.go_on"),
    *("desk_place_proposals.edit", "desk_place_proposals.act", "residents.proposed_place"),
    *(f"desk_neighbours.{name}" for name in ("show", "exclude", "table", "make_labels", "labels")),
}
"""Routes to what this town does not have: cases at a stage with a form, measured fees, appointments, consents, documents, payouts,
closed books, tills, shared lists, words and roles of its own, absences, files on their way into layers and single features of them,
long lists of rows, rows with pages of their own,
pictures, dossiers, lists of neighbours, proposals for places, cases chosen together, kept views, and words against the
map. Tested elsewhere."""

BEGUN_BY_ONESELF = {f"desk_map_prints.{name}" for name in ("show", "order", "again", "file")}
"""Routes to what only its beginner among the staff has; a walk may have begun the one to which the address leads."""

ADMINISTRATORS: dict[str, frozenset[str]] = {
    "departments.change": frozenset({"officer"}),
    "departments.order": frozenset(),
    "desk_audit.check": frozenset(),
    "city_administration.change": frozenset(),
    "city_administration.try_mail": frozenset(),
    **{f"desk_office_days.{name}": frozenset() for name in ("close", "reopen", "copy", "add_hours", "remove_hours")},
}
"""Who administers enough for it: the department itself, or the whole city, which nobody in this town does."""


@dataclass(frozen=True)
class Door:
    """One route and method, with an address that exists for those who are entitled."""

    method: str
    endpoint: str
    path: str
    entry: Entry
    arguments: frozenset[str]

    @property
    def of_owner(self) -> bool:
        """Leads to something of one resident."""
        return "public_id" in self.arguments and self.endpoint.startswith("residents.")

    @property
    def of_office(self) -> bool:
        """Leads to something of one department."""
        by_id = bool(self.arguments & {"case_id", "payment_id", "refund_id"})
        news = self.endpoint.startswith("news_desk.") and "article_id" in self.arguments
        texts = "text_id" in self.arguments
        return by_id or news or texts or (self.endpoint.startswith("publishing.") and "key" in self.arguments)

    def expected(self, who: str) -> set[str]:
        """The outcomes that are right for somebody."""
        staff, resident = who in {"officer", "neighbour", "bystander"}, who in {"owner", "stranger"}
        if self.entry.kind == "staff":
            if not staff:
                return {SIGN_IN["staff"]}
            if who == "bystander" and self.entry.right:
                return {FORBIDDEN}
            if who not in ADMINISTRATORS.get(self.endpoint, {who}):
                return {FORBIDDEN}
            if self.endpoint in BEGUN_BY_ONESELF:
                return {IN, MISSING}
            return {MISSING} if (self.of_office and who != "officer") or self.endpoint in NOT_IN_TOWN else {IN}
        if self.endpoint in PROFILE_ITEMS and resident:
            return {IN, MISSING}
        if self.entry.kind == "resident":
            return {IN} if resident else {SIGN_IN["resident"]}
        if self.of_owner:
            # a visitor who is not signed in does not learn what exists
            if who == "owner" and self.endpoint in SEARCHES:
                return {IN, MISSING}
            owner = who == "owner" and self.endpoint not in CLAIMING | NOT_IN_TOWN
            return {IN} if owner else {MISSING} if resident else {MISSING, SIGN_IN["resident"]}
        unsigned = {NO_TOKEN} if self.endpoint == "payments.receive_webhook" else set()  # signed in place of a token
        return {IN, MISSING, *SIGN_IN.values()} | unsigned


def doors(app: Flask, town: Town) -> Iterator[Door]:
    """Every door."""
    for rule in app.url_map.iter_rules():
        entry = entry_of(app.view_functions[rule.endpoint])
        assert entry is not None, rule.endpoint
        if rule.endpoint in LEAVING:
            continue
        address = _address(app, rule, town)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Door(method, rule.endpoint, address, entry, frozenset(rule.arguments))


def _address(app: Flask, rule: Rule, town: Town) -> str:
    values = {name: _value(rule, name, town) for name in rule.arguments}
    with app.test_request_context(base_url="http://hino.localhost"):
        address = app.url_map.bind("hino.localhost").build(rule.endpoint, values)
    return str(address)


def _value(rule: Rule, name: str, town: Town) -> Any:
    """The value of that name in an address. Declare here what a new name leads to."""
    endpoint = rule.endpoint
    if endpoint == "residents.send_alone":
        return town.parted_bundle if name == "public_id" else town.parted_draft
    if name == "public_id":
        if endpoint.startswith("payments."):
            return town.payment
        if endpoint.startswith("desk"):
            return town.case_file
        if "bundles" in rule.rule:
            is_sent = "/me/" in rule.rule or "done" in rule.rule
            return town.sent_bundle if is_sent else town.spare_bundle if "discard" in rule.rule else town.bundle
        if "/me/" in rule.rule or "/done/" in rule.rule:
            is_correction, is_withdrawal = "correction" in rule.rule, "withdraw" in rule.rule
            return town.correction_case if is_correction else town.spare_case if is_withdrawal else town.case
        return town.spare_draft if "discard" in rule.rule else town.draft
    if name == "file_id" and "correction" in rule.rule:
        return town.correction_file
    if name == "file_id":
        return town.case_file if "/me/" in rule.rule else town.draft_file
    if "/files/<key>" in rule.rule and name in FILE_QUESTION:
        return FILE_QUESTION[name]
    if name == "key" and (keys := endpoint.partition(".")[0]) in KEYS_OF:
        return KEYS_OF[keys]
    if name == "key" and endpoint in KEYS:
        return KEYS[endpoint]
    if name == "key":
        layers = ("maps.", "desk_layer", "ogc.", "desk_ogc.", "residents.map_feature")
        return "city-boundary" if endpoint.startswith(layers) else "road-occupancy"
    fixed = {
        "case_id": town.case_id,
        "refund_id": town.refund_id,
        "proposal_id": 1,
        "payment_id": town.payment_id,
        "payment": "no-such-payment",
        "kind": "geojson" if endpoint.startswith(("desk_layers.", "desk_case_export.")) else "payment_details",
        "document_id": "no-such-document",
        "staff_id": town.staff_id,
        "absence_id": 1,
        "encoding": "utf-8",
        "draft_id": town.bundle_draft,
        "step_id": "place",
        "event": "moving",
        "consent_id": 1,
        "objection_id": 1,
        "bulk_id": 1,
        "view_id": 1,
        "stage": "no-such-stage",
        "payout_id": 1,
        "waiver_id": 1,
        "figure_id": 1,
        "batch_id": 1,
        "closing_id": 1,
        "key_id": 1,
        "republication_id": 1,
        "till_id": 1,
        "slip_file_id": 1,
        "import_id": 1,
        "print_id": 1,
        "feature_id": 1,
        "line_id": 1,
        "entry_id": 1,
        "shift_id": 1,
        "difference_id": 1,
        "statement_id": 1,
        "link_id": 1,
        "token": "no-such-token",
        "filename": "app.css",
        "handover_id": "no-such-handover",
        "item": "person.name",
        "group_id": "no-such-group",
        # the walk makes dossiers of its own, from number 1 on
        "number": 0 if endpoint == "desk_dossiers.dossier" else 1,
        "labels_id": 1,
        "article_id": town.spare_article_id if endpoint == "news_desk.delete" else town.article_id,
        "text_id": town.spare_text_id if endpoint == "desk_standard_texts.remove" else town.text_id,
        "synonym_id": 1,
        "z": 12,
        "x": 3636,
        "page": 1,
        "y": 1613,
    }
    return fixed[name]


def outcome(answer: TestResponse) -> str:
    """The access that an answer grants or refuses."""
    for side, path in (("staff", "/desk/sign-in"), ("resident", "/sign-in")):
        if answer.status_code == 403 and f'href="{path}" target="_blank"' in answer.text:
            return SIGN_IN[side]  # what was written stands on that page
    if answer.status_code == 401:  # what a program is told
        return SIGN_IN["staff"]
    if answer.status_code in {400, 403, 404}:
        return {400: NO_TOKEN, 403: FORBIDDEN, 404: MISSING}[answer.status_code]
    # without an account at the payment provider its door opens to the words that paying is not possible now
    assert answer.status_code < 500 or answer.status_code == 503, answer.text
    for side, path in (("staff", "/desk/sign-in"), ("resident", "/sign-in")):
        if answer.status_code == 303 and answer.location.partition("?")[0] == path:
            return SIGN_IN[side]
    return IN

"""What happens to an application. Tables are read and written here alone, in the caller's transaction; submodules are namespaces."""

from portal.cases import (
    allocation,
    appeals,
    assigning,
    browser_cases,
    browser_drafts,
    bulk,
    bundles,
    case_counting,
    case_layers,
    case_list,
    case_nearness,
    case_news,
    case_orders,
    case_table,
    case_tiles,
    channels,
    consent_links,
    correction_drafts,
    day_counts,
    decision_documents,
    decisions,
    density,
    dossiers,
    draft_rows,
    drafts,
    events,
    figures,
    handing_over,
    holds,
    intakes,
    lotteries,
    map_objections,
    mentions,
    messages,
    moves,
    neighbours,
    notes,
    ownership,
    personnel,
    place_fit,
    place_proposals,
    place_reasons,
    places,
    presence,
    proposal_answers,
    queries,
    related,
    rights,
    saved_views,
    sign_offs,
    staff_leaving,
    standard_words,
    tracking,
    visits,
)
from portal.cases.acceptance import NotAccepted, acceptance_now, acceptance_sentence, draft_lasts
from portal.cases.answers import is_sealed_type, open_answers, reseal_answers, sealed_fields
from portal.cases.appointments import appointment_fields, change_appointment, changeable_until, free_slots
from portal.cases.capacity import (
    PlacesHeld,
    PlacesInquiry,
    hold_places,
    join_waiting_list,
    place_sentences,
    places_of_case,
    rest_of_options,
)
from portal.cases.carried import PLAN, Carried, from_source
from portal.cases.case_export import export_cases
from portal.cases.case_filter import CaseFilter, Ring
from portal.cases.case_list_query import Box, CaseListQuery
from portal.cases.chains import Link, chain_of, follow_up_count, follow_ups, follows, titles_of_openings
from portal.cases.change_offers import OfferedChange, accept_change, decline_change, offered_changes
from portal.cases.conflict_rules import conflict_rules
from portal.cases.consent_models import CaseConsent
from portal.cases.consent_reading import Consent, consents_of_case, waiting_words
from portal.cases.consents import ask_consent_once_more, settle_consent, settle_revoked_consent
from portal.cases.consultations import waiting_consultations
from portal.cases.corrections import answer_correction, requested_fields
from portal.cases.doers import moves_of_others
from portal.cases.earlier import kept_earlier
from portal.cases.feature_options import CityFeatures
from portal.cases.fee_changes import FeeDifference, fee_difference
from portal.cases.fees import refundable_amount, refundable_charges
from portal.cases.keepable import keepable_items
from portal.cases.map_answers import MAX_REASON, answer_objection
from portal.cases.map_objection_models import MapObjection
from portal.cases.models import Case, Draft
from portal.cases.next_steps import next_step_of
from portal.cases.notices import contact_address
from portal.cases.occupancy import CASE_PLACES, OccupancyConflict, conflict_queries, first_free_day
from portal.cases.orphans import ACCOUNT_KEPT
from portal.cases.paid_up import PayDeadline, loses_places_unpaid, pay_deadline
from portal.cases.parties import Parties, parties_of
from portal.cases.payment_papers import PossiblePaper, possible_papers, request_payment_paper, void_slips
from portal.cases.payment_reminders import demand
from portal.cases.payouts import (
    CasePayout,
    confirm_payout,
    decide_payout,
    payouts_of_case,
    retry_payout,
    why_undecidable,
)
from portal.cases.pieces import Piece, bookable_pieces
from portal.cases.place_findings import PlaceFinding
from portal.cases.place_messages import (
    conflict_messages,
    format_period,
    no_conflict_messages,
    place_error_messages,
    rule_error_messages,
)
from portal.cases.place_queries import layer_rules, periods_named
from portal.cases.pool_names import pool_name
from portal.cases.proofs import SURVEY_PROOF, WAIVER_PROOF
from portal.cases.public_layers import layers_for_everybody, public_titles
from portal.cases.reductions import ReductionDecision, asked_reductions, decide_reduction
from portal.cases.reindexing import count_stale, reindex_city
from portal.cases.repayments import confirm_repayment, record_transfers, reject_refund, retype_account, transfer_refund
from portal.cases.retention import count_expired, deletion_records, erase_city
from portal.cases.returned_money import money_back
from portal.cases.review_digest import ReviewOutdated, digest_review, digest_reviews
from portal.cases.revisions import Revision, revisions_of
from portal.cases.role_use import procedures_naming, remove_city_role
from portal.cases.rules import period_of
from portal.cases.scheduled_fees import outstanding_dues
from portal.cases.sealed_columns import ANSWER_COLUMNS, SEALED_COLUMNS
from portal.cases.sent_together import SisterCase, sister_cases
from portal.cases.sheet_places import places_on_ground
from portal.cases.sight import Sight, sight_of
from portal.cases.stage_forms import (
    FilledForm,
    evaluate_form,
    filled_forms,
    finishing_move,
    form_to_fill,
    stage_file_field,
)
from portal.cases.submission import file_ids, submit
from portal.cases.survey_reading import SurveyEntry, survey_entries, surveyed_lines
from portal.cases.surveys import SurveyInputs, case_of_figure, decide_figure, enter_figure
from portal.cases.tile_versions import unchanged_version
from portal.cases.told_answers import filterable_questions
from portal.cases.typed import unfinished_fields
from portal.cases.versions import Outdated, SeenVersion, newest_change, refuse_outdated, seen_version
from portal.cases.waivers import WaiverInputs, decide_waiver, take_back_waiver, waive_fee
from portal.cases.workflows import own_state_title

__all__ = [
    "ACCOUNT_KEPT",
    "ANSWER_COLUMNS",
    "CASE_PLACES",
    "MAX_REASON",
    "PLAN",
    "SEALED_COLUMNS",
    "SURVEY_PROOF",
    "WAIVER_PROOF",
    "Box",
    "Carried",
    "Case",
    "CaseConsent",
    "CaseFilter",
    "CaseListQuery",
    "CasePayout",
    "CityFeatures",
    "Consent",
    "Draft",
    "FeeDifference",
    "FilledForm",
    "Link",
    "MapObjection",
    "NotAccepted",
    "OccupancyConflict",
    "OfferedChange",
    "Outdated",
    "Parties",
    "PayDeadline",
    "Piece",
    "PlaceFinding",
    "PlacesHeld",
    "PlacesInquiry",
    "PossiblePaper",
    "ReductionDecision",
    "ReviewOutdated",
    "Revision",
    "Ring",
    "SeenVersion",
    "Sight",
    "SisterCase",
    "SurveyEntry",
    "SurveyInputs",
    "WaiverInputs",
    "accept_change",
    "acceptance_now",
    "acceptance_sentence",
    "allocation",
    "answer_correction",
    "answer_objection",
    "appeals",
    "appointment_fields",
    "ask_consent_once_more",
    "asked_reductions",
    "assigning",
    "bookable_pieces",
    "browser_cases",
    "browser_drafts",
    "bulk",
    "bundles",
    "case_counting",
    "case_layers",
    "case_list",
    "case_nearness",
    "case_news",
    "case_of_figure",
    "case_orders",
    "case_table",
    "case_tiles",
    "chain_of",
    "change_appointment",
    "changeable_until",
    "channels",
    "confirm_payout",
    "confirm_repayment",
    "conflict_messages",
    "conflict_queries",
    "conflict_rules",
    "consent_links",
    "consents_of_case",
    "contact_address",
    "correction_drafts",
    "count_expired",
    "count_stale",
    "day_counts",
    "decide_figure",
    "decide_payout",
    "decide_reduction",
    "decide_waiver",
    "decision_documents",
    "decisions",
    "decline_change",
    "deletion_records",
    "demand",
    "density",
    "digest_review",
    "digest_reviews",
    "dossiers",
    "draft_lasts",
    "draft_rows",
    "drafts",
    "enter_figure",
    "erase_city",
    "evaluate_form",
    "events",
    "export_cases",
    "fee_difference",
    "figures",
    "file_ids",
    "filled_forms",
    "filterable_questions",
    "finishing_move",
    "first_free_day",
    "follow_up_count",
    "follow_ups",
    "follows",
    "form_to_fill",
    "format_period",
    "free_slots",
    "from_source",
    "handing_over",
    "hold_places",
    "holds",
    "intakes",
    "is_sealed_type",
    "join_waiting_list",
    "keepable_items",
    "kept_earlier",
    "layer_rules",
    "layers_for_everybody",
    "loses_places_unpaid",
    "lotteries",
    "map_objections",
    "mentions",
    "messages",
    "money_back",
    "moves",
    "moves_of_others",
    "neighbours",
    "newest_change",
    "next_step_of",
    "no_conflict_messages",
    "notes",
    "offered_changes",
    "open_answers",
    "outstanding_dues",
    "own_state_title",
    "ownership",
    "parties_of",
    "pay_deadline",
    "payouts_of_case",
    "period_of",
    "periods_named",
    "personnel",
    "place_error_messages",
    "place_fit",
    "place_proposals",
    "place_reasons",
    "place_sentences",
    "places",
    "places_of_case",
    "places_on_ground",
    "pool_name",
    "possible_papers",
    "presence",
    "procedures_naming",
    "proposal_answers",
    "public_titles",
    "queries",
    "record_transfers",
    "refundable_amount",
    "refundable_charges",
    "refuse_outdated",
    "reindex_city",
    "reject_refund",
    "related",
    "remove_city_role",
    "request_payment_paper",
    "requested_fields",
    "reseal_answers",
    "rest_of_options",
    "retry_payout",
    "retype_account",
    "revisions_of",
    "rights",
    "rule_error_messages",
    "saved_views",
    "sealed_fields",
    "seen_version",
    "settle_consent",
    "settle_revoked_consent",
    "sight_of",
    "sign_offs",
    "sister_cases",
    "staff_leaving",
    "stage_file_field",
    "standard_words",
    "submit",
    "survey_entries",
    "surveyed_lines",
    "take_back_waiver",
    "titles_of_openings",
    "tracking",
    "transfer_refund",
    "unchanged_version",
    "unfinished_fields",
    "visits",
    "void_slips",
    "waiting_consultations",
    "waiting_words",
    "waive_fee",
    "why_undecidable",
]

"""Procedures applied for together: drafts kept side by side, sent at once, waited for, withdrawn."""

from portal.cases.bundle_member import CALLED_OFF, FAILED, WAITING, Member
from portal.cases.bundle_models import Bundle
from portal.cases.bundles.membership import (
    bundles_by_id,
    cases_of_bundle,
    discard_bundle,
    find_bundle,
    leave_out,
    may_join,
    members_of,
    opened_after,
    purge_empty,
    start_bundle,
    take_alone,
    unsent_bundle,
    waits_for,
)
from portal.cases.bundles.ownership import claim_bundle, claimable_bundle, sent_bundle
from portal.cases.bundles.submission import hold_bundle_places, submit_bundle
from portal.cases.bundles.withdrawal import seen_together, waiting_drafts, withdraw_together, withdrawable

__all__ = [
    "CALLED_OFF",
    "FAILED",
    "WAITING",
    "Bundle",
    "Member",
    "bundles_by_id",
    "cases_of_bundle",
    "claim_bundle",
    "claimable_bundle",
    "discard_bundle",
    "find_bundle",
    "hold_bundle_places",
    "leave_out",
    "may_join",
    "members_of",
    "opened_after",
    "purge_empty",
    "seen_together",
    "sent_bundle",
    "start_bundle",
    "submit_bundle",
    "take_alone",
    "unsent_bundle",
    "waiting_drafts",
    "waits_for",
    "withdraw_together",
    "withdrawable",
]

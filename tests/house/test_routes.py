"""House rules for routes: each says who may enter, changes come by POST with a token, addresses hold no personal data."""

import pytest
from flask import Flask

from portal.core.access import declared_rights, entry_of, undeclared

NAMES = {
    "absence_id", "article_id", "batch_id", "case_id", "consent_id", "encoding", "event", "file_id", "filename", "key", "number", "payment_id",
    "public_id", "refund_id", "staff_id", "stage", "step_id",
    "republication_id", "group_id", "handover_id", "item", "payout_id", "waiver_id", "closing_id", "draft_id", "difference_id", "statement_id",
    "figure_id", "link_id", "objection_id", "till_id", "shift_id", "entry_id", "slip_file_id", "line_id", "import_id", "feature_id", "key_id", "labels_id",
    "bulk_id", "page", "synonym_id", "text_id", "view_id", "document_id", "proposal_id", "kind", "payment", "print_id", "token", "x", "y", "z",
}  # fmt: skip
"""What may stand in an address: numbers, keys and random ids, never a name or an e-mail address (ASVS 14.2.1)."""


@pytest.fixture(scope="module")
def app() -> Flask:
    from portal.app import create_app

    return create_app()


def test_every_view_says_who_may_enter(app: Flask) -> None:
    assert undeclared(app) == []
    assert len(app.view_functions) > 50


def test_every_right_that_a_view_requires_is_granted_to_some_role(app: Flask) -> None:
    required_rights = {entry.right for view in app.view_functions.values() if (entry := entry_of(view)) and entry.right}
    assert all(declared_rights()[right].roles for right in required_rights)


def test_the_desk_is_the_staff_side_and_nothing_else_is(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        entry = entry_of(app.view_functions[rule.endpoint])
        assert entry is not None
        assert (entry.side == "staff") is rule.rule.startswith("/desk"), rule.rule


def test_nothing_on_the_desk_is_public(app: Flask) -> None:
    open_doors = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/desk") and entry_of(app.view_functions[rule.endpoint]).kind == "public"
    }
    assert open_doors == {
        "/desk/sign-in",
        "/desk/sign-in/code",
        "/desk/sign-in/enrol",
        "/desk/sign-in/password",
        "/desk/invitation/<token>",
        "/desk/invitation/<token>/password",
        "/desk/sign-out",
        "/desk/visits/worker.js",
    }


def test_only_the_providers_notices_come_without_a_token(app: Flask) -> None:
    csrf = app.extensions["csrf"]
    assert csrf._exempt_views == {"portal.payments.views.receive_webhook"}
    assert not csrf._exempt_blueprints


def test_a_route_takes_get_or_post_and_not_both(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert (rule.methods or set()) - {"HEAD", "OPTIONS"} in ({"GET"}, {"POST"}), rule.rule


def test_addresses_hold_ids_and_keys_alone(app: Flask) -> None:
    assert {name for rule in app.url_map.iter_rules() for name in rule.arguments} <= NAMES

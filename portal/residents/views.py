"""Puts the residents' pages into the application: one blueprint, a module for each group of pages."""

from flask import Flask

from portal.core import marked_japanese, office_places
from portal.identity import web_session
from portal.residents import (
    after_paying,
    apply,
    appointment,
    basket,
    blueprint,
    bundle_follow,
    bundle_sent,
    bundle_start,
    case,
    claim,
    consents,
    correction,
    correction_files,
    definition_texts,
    documents,
    files,
    furigana,
    handover,
    home,
    information,
    issued_documents,
    keeping,
    language_note,
    late,
    leading_on,
    live,
    lottery,
    map_apply,
    map_page,
    map_search,
    my_letters,
    my_page,
    news,
    paying_for_others,
    payment_records,
    payment_sharing,
    pictures,
    place_finding,
    place_pictures,
    plan_keeping,
    plan_links,
    plan_page,
    plan_question,
    procedure,
    procedure_lists,
    profile,
    receipt,
    resume,
    review,
    row_pages,
    rows_table,
    search_results,
    stage_files,
    stage_form,
    status,
    verify,
    visitor_access,
)

PAGES = (
    after_paying,
    basket,
    bundle_follow,
    bundle_sent,
    bundle_start,
    lottery,
    plan_keeping,
    plan_links,
    plan_page,
    plan_question,
    home,
    news,
    map_page,
    map_search,
    map_apply,
    procedure_lists,
    search_results,
    procedure,
    paying_for_others,
    payment_sharing,
    pictures,
    place_finding,
    place_pictures,
    apply,
    row_pages,
    rows_table,
    live,
    files,
    resume,
    review,
    receipt,
    keeping,
    handover,
    my_letters,
    payment_records,
    my_page,
    profile,
    case,
    documents,
    issued_documents,
    appointment,
    claim,
    consents,
    correction,
    correction_files,
    stage_form,
    stage_files,
    status,
    verify,
    information,
)
"""Every module with pages; importing it adds its routes to the blueprint."""


def register(app: Flask) -> None:
    """Add the residents' pages."""
    definition_texts.install(app)
    language_note.install(app)
    office_places.install(app)
    leading_on.install(app)
    furigana.install(app)
    marked_japanese.install(app)
    app.register_blueprint(blueprint.bp)
    late.install(app)
    if visitor_access.forget_account not in web_session.on_sign_out:
        web_session.on_sign_out.append(visitor_access.forget_account)

"""Pages of a form that were open longer than their visit: what they send is kept, and the page comes back with a token that counts.

The anti-forgery token ends with the visit. What proves then that a page is this browser's own is its key, a cookie that another
site's requests do not carry. No application or correction is sent on from a late page: files it brings are kept and its text is saved. A
message is what its writer sees on one page, and goes as soon as they may write it.
"""

from flask import Flask, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.cases import browser_cases, browser_drafts, correction_drafts, drafts
from portal.cases.bundles import members_of, unsent_bundle
from portal.cases.queries import case_by_public_id
from portal.core.access import current_account
from portal.core.page_tokens import is_late
from portal.core.web import db
from portal.identity import browser_key
from portal.residents.correction_application import correction_of
from portal.residents.draft_application import DraftApplication, unsent_application
from portal.residents.form_submission import on_page, posted, read
from portal.residents.own_rows import posted_page

_OF_DRAFTS = frozenset(
    f"residents.{view}"
    for view in (
        "send",
        "send_row",
        "send_application",
        "autosave",
        "live",
        "shift",
        "add_file",
        "remove_file",
        "move_file",
    )
)
_OF_CORRECTIONS = frozenset(
    f"residents.{view}"
    for view in (
        "send_correction",
        "autosave_correction",
        "live_correction",
        "add_correction_file",
        "remove_correction_file",
        "move_correction_file",
    )
)
_OF_CASES = frozenset({"residents.write", "residents.contest_map"})
"""Forms of a sent application that do at once what they say. Vouched for, a late one needs no token: who must sign in is told so by the
first answer, and what they press after that arrives."""


def install(app: Flask) -> None:
    """Vouch for late pages of applications, of corrections and of messages; every other is given back to be sent again."""
    app.extensions["csrf"].vouch_with(_was_opened_here)


def _was_opened_here() -> bool:
    """Whether the form that this request belongs to was opened in this browser."""
    browser = browser_key()
    public_id = (request.view_args or {}).get("public_id")
    if browser is None:
        return False
    if request.endpoint in _OF_DRAFTS:
        draft = drafts.unexpired_draft(db(), public_id)
        if draft is None and (bundle := unsent_bundle(db(), public_id)) is not None:
            draft = members_of(db(), bundle)[0].draft
        return draft is not None and browser_drafts.known_in_browser(db(), draft, browser)
    if request.endpoint in _OF_CORRECTIONS | _OF_CASES:
        case = case_by_public_id(db(), public_id)
        return case is not None and browser_cases.known_in_browser(db(), case, browser)
    return False


def must_sign_in_again(public_id: str) -> bool:
    """Whether the last page of an application came late, and its owner must sign in before anything of it shows."""
    if not is_late():
        return False
    application = unsent_application(db(), public_id)
    owner = application.members[0].draft.account_id if application is not None else None
    return owner is not None and not _signed_in_as(owner)


def kept_for_owner(public_id: str, step_id: str) -> DraftApplication | None:
    """The application of a late page whose owner must sign in again: its text is kept, and nothing of it may be shown.

    None for a page that shows, and for one that is not late.
    """
    if not is_late():
        return None
    application = unsent_application(db(), public_id, lock=True)
    owner = application.members[0].draft.account_id if application is not None else None
    if application is None or owner is None or _signed_in_as(owner):
        return None
    step = next((step for step in application.steps if step.id == step_id), None)
    if step is not None:
        application.keep(step, read(application, step, posted_page(application, step)))
    return application


def correction_kept_for_owner(public_id: str) -> bool:
    """The same for a correction: whether it was kept for somebody who must sign in again."""
    if not is_late():
        return False
    case = case_by_public_id(db(), public_id, lock=True)
    if case is None or case.account_id is None or _signed_in_as(case.account_id) or case.status != "fix":
        return False
    correction = correction_of(db(), case)
    correction.read_posted(posted(), on_page(), note=request.form.get("reply-to-office", ""))
    correction_drafts.save_correction_draft(db(), case, correction.as_typed())
    return True


def to_sign_in(path: str) -> Response:
    """To the sign-in page, which leads back to where what was kept shows."""
    return redirect(url_for("resident_auth.sign_in", next=path), 303)


def _signed_in_as(account_id: int) -> bool:
    account = current_account()
    return account is not None and account.id == account_id

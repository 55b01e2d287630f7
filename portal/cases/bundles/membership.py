"""Procedures applied for together: a bundle begun with a draft for each, found by its visitor, added to, discarded, purged.

Each draft keeps its own version, answers, files and places, so a bundle is filled in by saving drafts (`drafts.save_answers`), and is
sent by `submission.submit_bundle`.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from forms import Definition
from forms.routing import Entry, in_order
from portal.cases import drafts
from portal.cases.acceptance import NotAccepted, acceptance_now, acceptance_sentence
from portal.cases.browser_drafts import remember_in_browser
from portal.cases.bundle_member import Member
from portal.cases.bundle_models import Bundle
from portal.cases.bundles.files import lay_with_each
from portal.cases.carried import Carried
from portal.cases.figure_counting import note_ends
from portal.cases.models import Case, Draft
from portal.core.clock import now
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.locking import lock_row, lock_rows
from portal.core.text import _, current_language
from portal.files import delete_unsent_files
from portal.procedures import Offer, definition_of

MAX_MEMBERS = 30
"""Procedures that are applied for together at most; a plan has about a dozen."""

_NOT_THERE = "このまとめての申請は見つかりません。期限が過ぎたか、別の端末で作ったもの、またはほかの市のものです。"


def may_join(definition: Definition) -> bool:
    """Whether a procedure can be applied for together with others: it has a form, and stands on no earlier case."""
    return definition.has_form and definition.based_on is None


def start_bundle(
    session: Session,
    offers: Collection[Offer],
    *,
    account_id: int | None,
    language: str,
    known: Mapping[str, Mapping[str, Carried]] | None = None,
    browser: bytes | None = None,
    public_id: str | None = None,
) -> Bundle:
    """Begin a bundle with a draft for each procedure, in the order in which they are done; `browser` may go on with them.

    `known` are answers that are there already, by the procedure's key. A `public_id` that nobody can guess may be chosen: who begins
    with it a second time gets the bundle that is there. Raises Invalid for none or too many, Conflict for what cannot be
    applied for together, and NotAccepted for what is over.
    """
    if not offers:
        raise Invalid(_("まとめて申請する手続きを、1つ以上選んでください。"))
    if len(offers) > MAX_MEMBERS:
        raise Invalid(_("まとめて申請できるのは、{most}件までです。", most=MAX_MEMBERS))
    for offer in offers:
        _refuse_unfit(offer)
    public_id = public_id or secrets.token_urlsafe(16)
    values = {"public_id": public_id, "language": language, "created_at": now()}
    begun = insert(Bundle).values(values).on_conflict_do_nothing(index_elements=[Bundle.public_id]).returning(Bundle.id)
    is_new = session.scalar(begun) is not None
    bundle = session.scalars(select(Bundle).where(Bundle.public_id == public_id)).one()
    if not is_new:
        if browser is not None:  # two requests may each have given the browser its first key
            for draft in _drafts(session, bundle):
                remember_in_browser(session, draft, browser)
        return bundle
    by_key = {offer.key: offer for offer in offers}
    entries = [Entry(key, offer.definition, "needed") for key, offer in by_key.items()]
    for position, entry in enumerate(in_order(entries)):
        draft = drafts.start(
            session,
            by_key[entry.key],
            account_id=account_id,
            language=language,
            known=(known or {}).get(entry.key),
            in_bundle=(bundle.id, position),
        )
        if browser is not None:
            remember_in_browser(session, draft, browser)
    return bundle


def _refuse_unfit(offer: Offer) -> None:
    title = offer.definition.title.for_language(current_language())
    if not may_join(offer.definition):
        raise Conflict(
            _("「{title}」は、まとめて申請できません。手続きのページで、行くところを確かめてください。", title=title)
        )
    acceptance = acceptance_now(offer.definition)
    if acceptance.is_over:
        raise NotAccepted(_("「{title}」：{sentence}", title=title, sentence=acceptance_sentence(acceptance)))


def find_bundle(
    session: Session,
    public_id: str,
    *,
    own: Collection[str],
    account_id: int | None,
    browser: bytes | None = None,
    lock: bool = False,
) -> Bundle:
    """A bundle whose drafts are this visitor's, by the rules of `drafts.find`; with `lock` its row and those of its drafts are locked.

    Somebody who signed in meanwhile makes its drafts their own. Raises SignInNeeded for one that its owner has signed in for in this
    browser, and NotFound for any other.
    """
    which = Bundle.public_id == public_id
    bundle = lock_row(session, Bundle, which) if lock else session.scalar(select(Bundle).where(which))
    members = _drafts(session, bundle, lock=lock) if bundle is not None else []
    if bundle is None or not members:
        raise NotFound(_NOT_THERE)
    if public_id not in own:  # otherwise a mailed link has opened it in this visit; all drafts have the same owner
        drafts.refuse_stranger(session, members[0], own=own, account_id=account_id, browser=browser)
    unclaimed = [draft for draft in members if draft.account_id is None]
    if account_id is not None and unclaimed:
        drafts.claim(session, [draft.public_id for draft in unclaimed], account_id)
        for draft in unclaimed:
            draft.account_id = account_id
    return bundle


def unsent_bundle(session: Session, public_id: str | None, *, lock: bool = False) -> Bundle | None:
    """Return the bundle of that id, without asking whose it is; None once its time has passed, or once it was sent."""
    which = (Bundle.public_id == public_id, Bundle.sent_at.is_(None))
    bundle = lock_row(session, Bundle, *which) if lock else session.scalar(select(Bundle).where(*which))
    return bundle if bundle is not None and _drafts(session, bundle, lock=lock) else None


def members_of(session: Session, bundle: Bundle) -> list[Member]:
    """The procedures of a bundle as long as their drafts are kept, in the order in which they are done."""
    return [Member(draft, definition_of(session, draft.version_id)) for draft in _drafts(session, bundle)]


def _drafts(session: Session, bundle: Bundle, *, lock: bool = False) -> Sequence[Draft]:
    which = (Draft.bundle_id == bundle.id, Draft.expires_at > now())
    order = (Draft.bundle_position.asc(), Draft.id.asc())
    if lock:
        return lock_rows(session, Draft, *which, order_by=order)
    return session.scalars(select(Draft).where(*which).order_by(*order)).all()


def cases_of_bundle(session: Session, bundle_id: int) -> list[Case]:
    """The cases that came of a bundle, in the order in which they came in."""
    return list(session.scalars(select(Case).where(Case.bundle_id == bundle_id).order_by(Case.id)))


def bundles_by_id(session: Session, bundle_ids: Iterable[int | None]) -> dict[int, Bundle]:
    """The bundles of drafts and cases, by their ids; no statement where none is in one."""
    ids = {bundle_id for bundle_id in bundle_ids if bundle_id is not None}
    return {bundle.id: bundle for bundle in session.scalars(select(Bundle).where(Bundle.id.in_(ids)))} if ids else {}


def opened_after(definition: Definition) -> tuple[str, ...]:
    """The procedures that must be decided before this one is opened (`routing.after`), by their keys.

    What prepares a visit is opened at once: its office needs it before people come, and settles it at the counter in their order.
    """
    if definition.routing is None or definition.workflow.preset == "visit":
        return ()
    return definition.routing.after


def waits_for(member: Member, members: Sequence[Member]) -> list[Member]:
    """Those of a bundle that must be decided before this one is opened; they stand before it."""
    after = opened_after(member.definition)
    position = member.draft.bundle_position or 0
    return [other for other in members if other.key in after and (other.draft.bundle_position or 0) < position]


def leave_out(session: Session, bundle: Bundle, draft_public_id: str) -> None:
    """Take one procedure out of a bundle that is not sent, with what only it had; the last one takes the bundle along. Locked before.

    Raises Conflict for a bundle that was sent, NotFound for a draft that is not in it.
    """
    draft, is_last = _member_to_part_with(session, bundle, draft_public_id)
    drafts.discard(session, draft)
    if is_last:
        session.delete(bundle)
        session.flush()


def take_alone(session: Session, bundle: Bundle, draft_public_id: str) -> Draft:
    """Take one procedure out of a bundle that is not sent, to be sent by itself with what was written for it. Locked before.

    Raises what `leave_out` raises.
    """
    draft, is_last = _member_to_part_with(session, bundle, draft_public_id)
    draft.bundle_id = draft.bundle_position = None
    session.flush()
    if is_last:
        session.delete(bundle)
        session.flush()
    return draft


def _member_to_part_with(session: Session, bundle: Bundle, draft_public_id: str) -> tuple[Draft, bool]:
    """The draft of that id, after files that it shares were laid with the others; and whether it is the last of the bundle."""
    if bundle.sent_at is not None:
        raise Conflict(_("このまとめての申請は、もう送りました。取り下げるときは、手続きのページから進んでください。"))
    members = _drafts(session, bundle)
    draft = next((draft for draft in members if draft.public_id == draft_public_id), None)
    if draft is None:
        raise NotFound(_NOT_THERE)
    lay_with_each(session, [Member(other, definition_of(session, other.version_id)) for other in members])
    return draft, len(members) == 1


def discard_bundle(session: Session, bundle: Bundle) -> None:
    """Delete a bundle that is not sent, with its drafts and their files. Locked before. Raises Conflict for one that was sent."""
    if bundle.sent_at is not None:
        raise Conflict(_("このまとめての申請は、もう送りました。取り下げるときは、手続きのページから進んでください。"))
    of_bundle = select(Draft.id).where(Draft.bundle_id == bundle.id)
    note_ends(session, session.scalars(select(Draft).where(Draft.bundle_id == bundle.id)))
    delete_unsent_files(session, of_bundle)
    session.execute(delete(Draft).where(Draft.bundle_id == bundle.id))
    session.delete(bundle)
    session.flush()


def purge_empty(session: Session) -> None:
    """Delete the bundles of which neither a draft nor a case is left."""
    drafts_left = exists().where(Draft.bundle_id == Bundle.id)
    cases_left = exists().where(Case.bundle_id == Bundle.id)
    recent = now() - timedelta(days=1)
    session.execute(delete(Bundle).where(Bundle.created_at < recent, ~drafts_left, ~cases_left))

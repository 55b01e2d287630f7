"""Applications being written: begun, saved at every step, resumed, discarded."""

import secrets
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from forms import Definition
from forms.evaluation.scope import facts_after
from forms.fields.base import ReadContext
from portal.cases.acceptance import acceptance_now
from portal.cases.answers import open_answers, seal_answers
from portal.cases.browser_drafts import known_in_browser, of_browser
from portal.cases.carried import EARLIER_CASE, Carried, from_source, still_carried, to_begin_with
from portal.cases.chains import answers_from
from portal.cases.earlier import earlier_facts, kept_earlier
from portal.cases.figure_counting import note_ends
from portal.cases.models import Case, Draft
from portal.cases.places import place_facts
from portal.cases.prefill import prefilled_answers
from portal.cases.typed import open_typed, seal_typed
from portal.cases.workflows import workflow_for
from portal.core.clock import now, today
from portal.core.config import settings
from portal.core.database import city_of
from portal.core.errors import Conflict, NotFound, SignInNeeded, UnknownVisitor
from portal.core.locking import lock_row
from portal.core.tenancy import plane_of
from portal.core.text import _
from portal.files import delete_unsent_files
from portal.procedures import Offer
from portal.procedures import offer as offer_of
from portal.profiles import record_use

MAX_DRAFTS = 100
"""Drafts that one visitor is shown."""

_NOT_THERE = "この下書きは見つかりません。期限が過ぎたか、別の端末で作ったものです。続きは、サインインするか、メールの「続きのリンク」から開いてください。"


def start(
    session: Session,
    offer: Offer,
    *,
    account_id: int | None,
    language: str,
    earlier: Case | None = None,
    known: Mapping[str, Carried] | None = None,
    in_bundle: tuple[int, int] | None = None,
    from_profile: bool = True,
) -> Draft:
    """Create a draft of the procedure's published version, filled in with what the account keeps (unless not `from_profile`).

    One that follows an `earlier` case has the answers of that first; answers `known` otherwise come before all. `in_bundle` are the
    id of a bundle and the draft's place in it.
    """
    moment = now()
    carried: dict[str, Carried] = {}
    if account_id is not None and from_profile:
        carried = prefilled_answers(session, offer.definition, account_id)
    if earlier is not None:
        carried |= from_source(answers_from(session, earlier, offer.definition), EARLIER_CASE)
    carried |= known or {}
    answers, typed = to_begin_with(offer.definition, carried, ReadContext(today(), plane=plane_of(session)))
    public_id = secrets.token_urlsafe(16)
    bundle_id, position = in_bundle or (None, None)
    draft = Draft(
        public_id=public_id,
        procedure_key=offer.key,
        version_id=offer.version_id,
        account_id=account_id,
        answers=seal_answers(city_of(session), offer.definition, answers),
        typed=seal_typed(city_of(session), public_id, typed),
        facts={
            **place_facts(session, offer.definition, answers, set(offer.definition.places_in(answers))),
            **(earlier_facts(session, offer.definition, earlier) if earlier else {}),
        },
        origin_case_id=earlier.id if earlier else None,
        bundle_id=bundle_id,
        bundle_position=position,
        done_steps=[],
        carried={field_id: dict(each.source) for field_id, each in carried.items()},
        row_keys={},
        language=language,
        created_at=moment,
        saved_at=moment,
        expires_at=moment + timedelta(days=settings().draft_days),
    )
    session.add(draft)
    session.flush()
    items = {item for each in carried.values() for item in each.items}
    if account_id is not None and items:
        record_use(session, account_id, items, procedure=offer.key, draft_id=draft.id)
    return draft


def offer_to_ask_again(session: Session, case: Case) -> Offer | None:
    """Return what can be begun again; None for a case that was not refused, and where its procedure takes no applications by itself."""
    if workflow_for(session, case).states[case.state].kind != "refused":
        return None
    try:
        same = offer_of(session, case.procedure_key)
    except NotFound:
        return None
    begins_alone = same.definition.based_on is None and not acceptance_now(same.definition).is_over
    return same if begins_alone else None


def ask_again(session: Session, case: Case, *, account_id: int | None, language: str) -> Draft:
    """Begin a draft with the answers of a refused case. Raises Conflict where it cannot be begun."""
    same = offer_to_ask_again(session, case)
    if same is None:
        raise Conflict(_("ここからは、いまこの手続きを始められません。手続きのページを確かめてください。"))
    known = from_source(answers_from(session, case, same.definition), EARLIER_CASE)
    return start(session, same, account_id=account_id, language=language, known=known)


def find(
    session: Session,
    public_id: str,
    *,
    own: Collection[str],
    account_id: int | None,
    browser: bytes | None = None,
    lock: bool = False,
) -> Draft:
    """A draft of this visitor: of this visit (`own`), of the signed-in account, or of this browser while it is nobody's.

    Raises SignInNeeded for one that its owner has signed in for in this browser, and NotFound for any other.
    """
    draft = unexpired_draft(session, public_id, lock=lock)
    if draft is None:
        raise _not_there(account_id)
    refuse_stranger(session, draft, own=own, account_id=account_id, browser=browser)
    return draft


def refuse_stranger(
    session: Session, draft: Draft, *, own: Collection[str], account_id: int | None, browser: bytes | None
) -> None:
    """Raise what `find` raises for a draft that is not this visitor's."""
    if draft.public_id in own or (account_id is not None and draft.account_id == account_id):
        return
    if not known_in_browser(session, draft, browser) or (draft.account_id is not None and account_id is not None):
        raise _not_there(account_id)
    if draft.account_id is not None:
        raise SignInNeeded("resident")


def _not_there(account_id: int | None) -> NotFound:
    """The refusal of a draft that is not there for this visitor, the same whether there is one."""
    return UnknownVisitor(_NOT_THERE) if account_id is None else NotFound(_NOT_THERE)


def unexpired_draft(
    session: Session, public_id: str | None, *, unsent: bool = False, lock: bool = False
) -> Draft | None:
    """Return the draft of that id, without asking whose it is; None once its time has passed, or with `unsent` once it was sent."""
    which = [Draft.public_id == public_id, Draft.expires_at > now()]
    if unsent:
        which.append(Draft.case_id.is_(None))
    return lock_row(session, Draft, *which) if lock else session.scalar(select(Draft).where(*which))


def drafts_of_resident(
    session: Session, *, own: Collection[str], account_id: int | None, browser: bytes | None
) -> list[Draft]:
    """Return the unsent drafts of a visitor, newest first: of this visit (`own`), of this browser, and of the signed-in account.

    Those of bundles are among them.
    """
    whose: list[ColumnElement[bool]] = [Draft.public_id.in_(own)]
    if browser is not None:
        whose.append(and_(Draft.account_id.is_(None), Draft.id.in_(of_browser(browser))))
    if account_id is not None:
        whose.append(Draft.account_id == account_id)
    query = select(Draft).where(or_(*whose), Draft.case_id.is_(None), Draft.expires_at > now())
    return list(session.scalars(query.order_by(Draft.saved_at.desc(), Draft.id.desc()).limit(MAX_DRAFTS)))


def draft_of(session: Session, case: Case) -> Draft | None:
    """Return the draft that the case was made of, while it is kept."""
    return session.get(Draft, case.draft_id) if case.draft_id is not None else None


def answers_of(session: Session, draft: Draft) -> dict[str, Any]:
    """The draft's canonical answers, opened."""
    return open_answers(city_of(session), draft.answers)


def typed_of(session: Session, draft: Draft) -> dict[str, Any]:
    """What was typed into the draft beside its answers, opened."""
    return open_typed(city_of(session), draft.public_id, draft.typed)


def save_answers(
    session: Session,
    draft: Draft,
    definition: Definition,
    answers: Mapping[str, Any],
    *,
    typed: Mapping[str, Any] | None = None,
    done_step: str | None = None,
    undone_step: str | None = None,
    sent: Collection[str] = (),
) -> None:
    """Keep the answers; where a place changed, ask the map for its facts again.

    `typed` is what was typed beside them (see `forms.StepReading`); None leaves what is kept. `done_step` was sent without
    faults, with the questions `sent`; `undone_step` has something to fix again.
    """
    before = answers_of(session, draft)
    places = {path: place for path, place in definition.places_in(answers).items() if place.value is not None}
    changed = {path for path, place in places.items() if place.row is None and answers[path] != before.get(path)}
    known = facts_after(definition, draft.facts, before, answers)
    earlier = kept_earlier(draft.facts)
    kept: dict[str, Any] = {path: facts for path, facts in known.items() if path in answers or path in places}
    draft.facts = kept | earlier | place_facts(session, definition, answers, changed | (places.keys() - kept.keys()))
    draft.answers = seal_answers(city_of(session), definition, answers)
    if done_step is not None and done_step not in draft.done_steps:
        draft.done_steps = [*draft.done_steps, done_step]
    if undone_step in draft.done_steps:
        draft.done_steps = [step_id for step_id in draft.done_steps if step_id != undone_step]
    if typed is not None:
        draft.typed = seal_typed(city_of(session), draft.public_id, typed)
    if draft.carried:
        draft.carried = still_carried(draft.carried, before, answers, set(sent))
    draft.saved_at = now()
    draft.expires_at = draft.saved_at + timedelta(days=settings().draft_days)
    session.flush()
    if draft.bundle_id is not None:
        _keep_siblings(session, draft)


def _keep_siblings(session: Session, draft: Draft) -> None:
    """The drafts of a bundle are kept as long as each other, whichever of them is being written."""
    siblings = update(Draft).where(Draft.bundle_id == draft.bundle_id, Draft.expires_at < draft.expires_at)
    session.execute(siblings.values(expires_at=draft.expires_at))


def claim(session: Session, public_ids: Collection[str], account_id: int) -> None:
    """Drafts begun in this browser before signing in become the account's."""
    if public_ids:
        mine = update(Draft).where(Draft.public_id.in_(public_ids), Draft.account_id.is_(None))
        session.execute(mine.values(account_id=account_id))


def discard(session: Session, draft: Draft) -> None:
    """Delete a draft and its files."""
    note_ends(session, [draft])
    delete_unsent_files(session, [draft.id])
    session.delete(draft)
    session.flush()


def purge_expired(session: Session) -> int:
    """Delete drafts past their time, with their files; how many. What was sent stays as a case, and with it what is being added to
    its correction.
    """
    unsent = (Draft.expires_at <= now(), Draft.case_id.is_(None))
    delete_unsent_files(session, select(Draft.id).where(*unsent))
    note_ends(session, session.scalars(select(Draft).where(*unsent).execution_options(yield_per=500)))
    return len(session.scalars(delete(Draft).where(Draft.expires_at <= now()).returning(Draft.id)).all())

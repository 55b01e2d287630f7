"""Sending a bundle: all of it in one transaction, or nothing. What waits for another's decision is kept with it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from forms import Definition, Evaluation
from portal.bookings import lock_ledgers
from portal.cases.acceptance import NotAccepted, refuse_outside
from portal.cases.bundle_member import WAITING, Member
from portal.cases.bundle_models import Bundle
from portal.cases.bundles.files import lay_with_each, with_ids
from portal.cases.bundles.membership import cases_of_bundle, members_of, waits_for
from portal.cases.capacity import PlacesHeld, hold_places, ledgers_of
from portal.cases.channels import ONLINE
from portal.cases.counter_visits import visits_told
from portal.cases.models import Case, Draft
from portal.cases.notices import contact_address, title_of
from portal.cases.queries import told_days
from portal.cases.review_digest import ReviewOutdated, digest_reviews
from portal.cases.submission import Judged, complete_case, judge, make_case, needed_ledgers, open_others
from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.text import _
from portal.notifications import send_mail
from portal.payments import Payment
from portal.procedures import offers


def submit_bundle(session: Session, bundle: Bundle, *, seen: str | None = None) -> list[Case]:
    """Make the cases of a bundle; sending it twice gives the same cases. It must be locked, see `bundles.find_bundle`.

    `seen` is `digest_reviews` of the page that the resident sends, over all procedures in their order. Every procedure is judged, also those
    that wait for another's decision: they are opened by it later (`waiting`). Raises Invalid, with paths as
    `procedure:path`, ReviewOutdated and NotAccepted as `submission.submit` does, naming the procedure; nothing is kept then.
    """
    if bundle.sent_at is not None:
        return cases_of_bundle(session, bundle.id)
    members = members_of(session, bundle)
    _refuse_closed(session, members)
    moment = now()
    judged: dict[int, Judged] = {}
    for member in members:
        with _named(member):
            refuse_outside(member.definition)
            judged[member.draft.id] = judge(session, member.draft, member.definition, received_at=moment)
    if seen is not None and seen != digest_reviews(each.digest for each in judged.values()):
        raise ReviewOutdated
    for draft_id, ids in lay_with_each(session, members).items():
        outcome = judged[draft_id].outcome
        judged[draft_id] = replace(
            judged[draft_id], outcome=replace(outcome, answers=with_ids(dict(outcome.answers), ids))
        )
    first = [member for member in members if not waits_for(member, members)]
    for member in members:
        member.draft.bundle_state = None if member in first else WAITING
    bundle.sent_at = moment
    sendings = [(member, judged[member.draft.id]) for member in first]
    sent = _make(session, sendings)
    _write(session, bundle, sent, waiting=[member for member in members if member not in first])
    session.flush()
    return [each.case for each in sent]


@dataclass(frozen=True)
class _Sent:
    """A case that was made, of what it was judged by, and what is to pay for it at once."""

    case: Case
    judged: Judged
    payment: Payment | None


def _make(session: Session, sendings: Sequence[tuple[Member, Judged]]) -> list[_Sent]:
    """Places are taken for all before anything is recorded of one: whoever locks both locks them in this order."""
    lock_ledgers(session, needed_ledgers(session, [judged for _member, judged in sendings]))
    cases = []
    for member, judged in sendings:
        with _named(member):
            cases.append(make_case(session, judged))
    sent = []
    for case, (member, judged) in zip(cases, sendings, strict=True):
        with _named(member):
            sent.append(_Sent(case, judged, complete_case(session, case, judged, channel=ONLINE)))
            open_others(session, case, judged)
    return sent


def hold_bundle_places(session: Session, members: Sequence[tuple[Draft, Definition, Evaluation]]) -> list[PlacesHeld]:
    """Hold what each of these drafts takes while the bundle is looked over, see `capacity.hold_places`."""
    names = [
        name
        for draft, definition, outcome in members
        for name in ledgers_of(draft.procedure_key, definition, outcome.answers)
    ]
    lock_ledgers(session, names)
    return [hold_places(session, draft, definition, outcome) for draft, definition, outcome in members]


def _refuse_closed(session: Session, members: Sequence[Member]) -> None:
    """Raise NotAccepted for a procedure that the city takes no more applications for."""
    offered = {offer.key for offer in offers(session)}
    for member in members:
        if member.key not in offered:
            raise NotAccepted(
                _(
                    "「{title}」は、受付を終わりました。まとめての申請から外すと、ほかの手続きを送れます。書いた内容は保存しています。",
                    title=member.title,
                )
            )


@contextmanager
def _named(member: Member) -> Iterator[None]:
    """Name the procedure in what is raised about it."""
    try:
        yield
    except NotAccepted as refusal:
        raise NotAccepted(_("「{title}」：{sentence}", title=member.title, sentence=refusal.message)) from refusal
    except Invalid as fault:
        sentence = _("「{title}」：{sentence}", title=member.title, sentence=fault.message)
        raise Invalid(sentence, {f"{member.key}:{path}": words for path, words in fault.fields.items()}) from fault


def _write(session: Session, bundle: Bundle, sent: Sequence[_Sent], waiting: Sequence[Member]) -> None:
    """One letter to each address that was left, with all the numbers that belong to it, what is to pay, the days that were chosen, and
    when, where and with what to come to the counter.
    """
    by_address: dict[str, list[_Sent]] = defaultdict(list)
    for each in sent:
        address = contact_address(session, each.case)
        if address is not None:
            by_address[address].append(each)
    for address, theirs in by_address.items():
        days = [
            chosen
            for each in theirs
            for chosen in told_days(each.case, each.judged.definition, each.judged.outcome.answers, bundle.language)
        ]
        payments = [each.payment for each in theirs if each.payment]
        send_mail(
            session,
            "bundle_received",
            to=address,
            language=bundle.language,
            case_id=theirs[0].case.id,
            received=[(each.case.number, title_of(session, each.case)) for each in theirs],
            amount=sum(payment.amount for payment in payments),
            until=min((payment.pay_by for payment in payments if payment.pay_by), default=None),
            days=sorted(days, key=lambda chosen: chosen.day),
            visits=[
                visit
                for each in theirs
                for visit in visits_told(session, each.case, each.judged.definition, each.judged.outcome.answers)
            ],
            waiting=[member.definition.title.for_language(bundle.language) for member in waiting],
            path=f"/me/bundles/{bundle.public_id}",
        )

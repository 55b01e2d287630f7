"""Background work on cases: expired rows are purged each night, stale search terms rewritten, cases past their retention erased."""

from datetime import timedelta
from functools import partial

from sqlalchemy.orm import Session

from portal import bookings, payments
from portal.cases import (
    appointments,
    browser_cases,
    bulk,
    bulk_runs,
    bundles,
    capacity,
    case_counting,
    change_offers,
    consents,
    correction_drafts,
    decisions,
    dossiers,
    drafts,
    figure_counting,
    handing_over,
    lotteries,
    moves,
    neighbours,
    orphans,
    payment_reminders,
    presence,
    reindexing,
    related,
    retention,
    scheduled_fees,
    waking,
)
from portal.cases.bundle_models import OFFER_CHANGES, OPEN_WAITING
from portal.cases.bundles import waiting as bundle_waiting
from portal.core import limits
from portal.core.database import city_session
from portal.core.events import SYSTEM
from portal.core.jobs import RETRY, app, periodic
from portal.core.rounds import for_each_city, for_each_city_session, for_each_item
from portal.procedures import definition_of

_OVERDUE = timedelta(seconds=30)


@app.task(name=decisions.JOB, retry=RETRY)
def execute_decision(*, city: str, decision_id: int) -> None:
    """Carry out a decision whose time has come; safe to repeat."""
    with city_session(city) as session:
        decisions.execute(session, decision_id)


@periodic("* * * * *", "cases.carry_out_overdue")
def execute_overdue() -> None:
    """Carry out decisions whose own job was lost, each in a transaction of its own."""
    for_each_item(partial(decisions.due, overdue=_OVERDUE), decisions.execute)


@app.task(name=bulk.ACT_IN_BULK, retry=RETRY)
def act_in_bulk(*, city: str, bulk_id: int) -> None:
    """Act on cases that were chosen together, or take it back; safe to repeat."""
    bulk_runs.run(city, bulk_id)


@app.task(name=dossiers.FREEZE_PLACES, retry=RETRY)
def freeze_places(*, city: str, case_id: int) -> None:
    """Keep what the map has at the places of a case that was sent; safe to repeat."""
    with city_session(city) as session:
        dossiers.freeze_places(session, case_id)


@app.task(name=neighbours.MAKE_LABELS, retry=RETRY)
def make_labels(*, city: str, labels_id: int) -> None:
    """Make the labels of a list of neighbours; safe to repeat."""
    with city_session(city) as session:
        neighbours.make_labels(session, labels_id)


@app.task(name=OPEN_WAITING, retry=RETRY)
def open_waiting(*, city: str, bundle_id: int) -> None:
    """See to what waits in a bundle for a decision that was made; safe to repeat."""
    with city_session(city) as session:
        bundle_waiting.settle_waiting(session, bundle_id)


@app.task(name=related.FOLLOW_LEAD, retry=RETRY)
def follow_lead(*, city: str, case_id: int) -> None:
    """Take the cases that follow another one to where that stands; safe to repeat."""
    related.follow_lead(city, case_id)


@app.task(name=OFFER_CHANGES, retry=RETRY)
def offer_changes(*, city: str, case_id: int, revision: int) -> None:
    """Offer what a correction changed to the other cases of the bundle, each in a transaction of its own; safe to repeat."""
    with city_session(city) as session:
        sisters = change_offers.open_sisters(session, case_id)
    for sister_id in sisters:
        with city_session(city) as session:
            change_offers.offer_changes(session, case_id, revision, sister_id)


@periodic("27 * * * *", "cases.open_all_waiting")
def open_all_waiting() -> None:
    """The same for every bundle in which something waits, whose own job was lost, each in a transaction of its own."""
    for_each_item(bundle_waiting.bundles_with_waiting, bundle_waiting.settle_waiting)


@periodic("*/2 * * * *", "cases.lapse_places")
def lapse_places() -> None:
    """Free places that were held too long, and end the cases that were not paid in time, each in a transaction of its own."""
    for_each_item(capacity.lapse_places, _lapse_case)
    for_each_item(bookings.lotteries_with_waiting, lotteries.move_up)


def _lapse_case(session: Session, case_id: int) -> None:
    case = moves.lock_case(session, case_id)
    move = capacity.lapse_move(case, definition_of(session, case.version_id))
    if move is not None:
        moves.apply_transition(session, case_id, move, SYSTEM, roles=("system",))
    else:
        bookings.settle(session, case_id)  # it went on some other way than by paying


@periodic("41 * * * *", "cases.ask_for_dues")
def ask_for_dues() -> None:
    """Ask for the later payments of fees over time whose day has come, each case in a transaction of its own."""
    for_each_item(scheduled_fees.cases_to_ask, scheduled_fees.ask_for_dues)


@periodic("47 0 * * *", "cases.remind_of_payments")  # 9:47 in Japan
def remind_of_payments() -> None:
    """Write to those whose last day for a payment is near or over, each case in a transaction of its own."""
    for_each_item(payments.cases_to_remind, payment_reminders.remind_of_payments)


@periodic("*/10 * * * *", "cases.commit_to_lotteries")
def commit_to_lotteries() -> None:
    """Promise the seeds of lotteries whose applications are taken, soon after their windows open."""
    for_each_city_session(lotteries.commit_to_lotteries)


@periodic("19 * * * *", "cases.settle_handovers")
def settle_handovers() -> None:
    """Record what other cities took of what residents handed to them, and delete what ended, each in a transaction of its own."""
    for_each_item(handing_over.settled_handovers, handing_over.settle_handover)


@periodic("11 * * * *", "cases.wake")
def wake_cases() -> None:
    """Send the reminders and make the moves of deadlines that have passed, each in a transaction of its own."""
    for_each_item(waking.overdue_cases, waking.wake)


@periodic("5 0 * * *", "cases.remind_of_appointments")  # 9:05 in Japan
def remind_of_appointments() -> None:
    """Write to everybody who has an appointment tomorrow, city by city."""
    for_each_city_session(appointments.remind)


@periodic("17 3 * * *", "cases.purge", former="cases.clear_away")
def purge() -> None:
    """Purge expired drafts, orphaned files, unused accounts, what was asked of spots and old counters of limits, city by city."""
    for purge_rows in (
        capacity.keep_waiting_drafts,
        bundle_waiting.keep_waiting,
        drafts.purge_expired,
        bundles.purge_empty,
        correction_drafts.purge_obsolete,
        browser_cases.purge_expired,
        bulk.forget_old,
        dossiers.forget_spots,
        neighbours.forget_spots,
        orphans.purge_files,
        orphans.purge_accounts,
        limits.delete_old,
    ):
        for_each_city_session(purge_rows)


@periodic("23 18 * * *", "cases.erase")  # 3:23 in Japan
def erase() -> None:
    """Erase the cases whose time is over, city by city."""
    for_each_city(retention.erase_city)


@periodic("11 0 * * *", "cases.remind_of_consents")  # 9:11 in Japan
def remind_of_consents() -> None:
    """Remind those who have not answered, and end what was not answered in time."""
    for_each_city_session(consents.remind_and_expire)


@periodic("*/5 * * * *", "cases.reindex")
def reindex() -> None:
    """Write the search terms of older cases again, city by city, a transaction for each batch; without any it is one look at an index."""
    for_each_city(reindexing.reindex_city)


@periodic("* * * * *", "cases.fold_counts")
def fold_counts() -> None:
    """Add what has changed to the counts of cases, city by city; without changes it is a look at two empty tables."""
    for_each_city_session(case_counting.fold)


@periodic("*/2 * * * *", "cases.forget_presence")
def forget_presence() -> None:
    """Forget who has no case open any more, city by city; with nobody there it is a look at an index."""
    for_each_city_session(presence.forget_gone)


@periodic("53 18 * * *", "cases.check_counts")  # 3:53 in Japan
def check_counts() -> None:
    """Compare the counts of cases with a full count, city by city; a difference is an error in the log, and is corrected."""
    for_each_city_session(case_counting.check)


@periodic("*/10 * * * *", "cases.count_figures")
def count_figures() -> None:
    """Count the figures of the days that are over, city by city, as soon as a day is; the other rounds find it done."""
    for_each_city_session(figure_counting.count)

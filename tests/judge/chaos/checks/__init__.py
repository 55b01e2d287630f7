"""Every promise about money, each with a name: what must hold once everything has come to rest."""

from collections.abc import Callable, Iterator
from typing import Final

from portal.core.database import city_session
from tests.judge.chaos.checks import accounts, counters, fees, letters, provider, transfers
from tests.judge.chaos.checks.evidence import Evidence
from tests.judge.chaos.town import Town

Check = Callable[[Evidence], Iterator[str]]

CHECKS: Final[tuple[Check, ...]] = (
    provider.each_payment_stands_as_the_provider_says,
    provider.no_charge_is_unknown,
    provider.each_refund_stands_as_the_provider_says,
    provider.each_dispute_stands_as_the_provider_says,
    fees.every_fee_is_asked_for_in_one_place,
    fees.every_fee_is_settled_at_most_once,
    fees.orders_say_what_their_attempts_say,
    fees.what_came_twice_goes_back,
    transfers.every_transfer_is_known_once,
    transfers.every_transferred_yen_is_paid_or_goes_back,
    transfers.the_provider_holds_what_is_known_to_be_there,
    accounts.the_books_sum_to_zero,
    accounts.payers_read_what_the_books_say,
    accounts.the_books_owe_what_is_to_go_back,
    accounts.the_books_equal_the_providers_book,
    accounts.the_nightly_comparison_finds_nothing,
    counters.each_till_entry_is_one_payment,
    counters.each_drawer_holds_what_was_entered,
    counters.each_slip_line_is_one_payment,
    letters.each_confirmation_was_written_once,
    letters.each_confirmation_was_sent_once,
    letters.each_payer_for_somebody_was_told_once,
    letters.nothing_is_left_undone,
)


def judge_town(town: Town) -> tuple[dict[str, int], dict[str, list[str]]]:
    """How much there was to look at in a leg, and what each check found."""
    with city_session(town.key) as session:
        evidence = Evidence(town, session)
        faults = {check.__name__.replace("_", " "): list(check(evidence)) for check in CHECKS}
        attempts = evidence.every_attempt
        looked_at = {
            "fees": len(evidence.charges),
            "orders": len(evidence.orders),
            "attempts": len(attempts),
            "paid at the provider": sum(bool(each.charge_id) for each in attempts),
            "at tills": sum(each.method in {"cash", "card_reader"} for each in attempts),
            "by slip": sum(each.method == "slip" for each in attempts),
            "by transfer": sum(each.method == "bank_transfer" and each.status == "paid" for each in attempts),
            "awaited transfers": sum(each.method == "bank_transfer" and each.status == "pending" for each in attempts),
            "returns of transfers": sum(each.grounds == "transfer" for each in evidence.every_refund),
            "by link": sum(each.link_id is not None and each.status == "paid" for each in attempts),
            "refunds": len(evidence.every_refund),
        }
    return looked_at, faults

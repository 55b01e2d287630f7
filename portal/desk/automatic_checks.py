"""What was checked without anybody having to look: the fee, other permits in the way, the rules of the place, the definition's own checks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forms import Definition, evaluate
from portal.cases import (
    Case,
    FeeDifference,
    OccupancyConflict,
    Sight,
    format_period,
    no_conflict_messages,
    rule_error_messages,
)
from portal.cases.places import PlaceInspection
from portal.core.tenancy import current_city
from portal.core.text import _, date_ja, moment_ja, yen
from portal.payments import Payment

PAYMENT_TEXTS = {
    "open": "支払い待ち",
    "pending": "支払いの確認中",
    "failed": "支払いできませんでした",
    "paid": "支払い済み",
    "refunded": "返金済み",
    "canceled": "請求を取り消しました",
    "needs_review": "確認が必要です",
}
RULE_TEXTS = {"inside": "「{layer}」の中にあります", "intersects": "「{layer}」にかかっています"}


@dataclass(frozen=True)
class AutomaticCheck:
    """One line: whether it holds, in words; with `payment_id` a cashier must decide.

    Of a `conflict` the words are its days alone, the page says what lies on what.
    """

    holds: bool
    text: str
    conflict: OccupancyConflict | None = None
    payment_id: int | None = None


def automatic_checks(
    case: Case,
    definition: Definition,
    answers: Mapping[str, Any],
    *,
    inspection: PlaceInspection | None,
    titles: Mapping[str, str],
    payments: list[Payment],
    sight: Sight,
    changed: str,
) -> list[AutomaticCheck]:
    """Everything that was checked, as far as it may be seen; `inspection` is the map's word today, for cases that are still open;
    `changed` says what a correction makes of the fee that is not settled, if there is anything.
    """
    lines = list(_places(definition, answers, inspection, titles)) if inspection else []
    if sight.answers:
        lines += _definition(case, definition, answers)
    lines += [payment_check(payment) for payment in payments]
    if changed:
        lines.append(AutomaticCheck(False, changed))
    due = case.fee.get("due", {}).get("approved", 0)
    if sight.payments and due and not payments and case.closed_at is None:
        lines.append(AutomaticCheck(True, _("許可すると、{amount}の支払いをお願いします", amount=yen(due))))
    return sorted(lines, key=lambda check: check.holds)


def fee_difference_text(changed: FeeDifference) -> str:
    """What a correction makes of a fee that was asked for: 支払い済み 1,000円 → 正しい額 1,500円(差額 +500円)."""
    template = (
        _("補正で料金が変わります:支払い済み {before}円 → 正しい額 {due}円(差額 {difference}円)")
        if changed.paid
        else _("補正で料金が変わります:支払い待ち {before}円 → 正しい額 {due}円(差額 {difference}円)")
    )
    return template.format(before=f"{changed.before:,}", due=f"{changed.due:,}", difference=f"{changed.difference:+,}")


def payment_check(payment: Payment) -> AutomaticCheck:
    """Where a payment stands."""
    text = f"{yen(payment.received or payment.amount)}・{_(PAYMENT_TEXTS[payment.status])}"
    if payment.paid_at:
        text += f"({moment_ja(payment.paid_at)})"
    if payment.given_back and payment.net_received:
        text += "・" + _("返金 {amount}・残り {rest}", amount=yen(payment.given_back), rest=yen(payment.net_received))
    if payment.is_payable and payment.pay_by:
        text += "・" + _("期限 {day}", day=date_ja(payment.pay_by))
        text += "・" + _("督促済み") if payment.is_demanded else ""
    waits = payment.id if payment.status == "needs_review" else None
    return AutomaticCheck(payment.status in {"paid", "refunded"}, text, payment_id=waits)


def _places(
    definition: Definition, answers: Mapping[str, Any], inspection: PlaceInspection, titles: Mapping[str, str]
) -> Iterator[AutomaticCheck]:
    for field_id in definition.places_in(answers):
        for conflict in inspection.conflicts.get(field_id, ()):
            yield AutomaticCheck(False, format_period(conflict.starts_on, conflict.ends_on), conflict)
        for sentence in rule_error_messages(inspection, field_id, "ja"):
            yield AutomaticCheck(False, sentence)
        for passed in inspection.passed.get(field_id, ()):
            if passed.kind in RULE_TEXTS and passed.subject in titles:
                yield AutomaticCheck(True, _(RULE_TEXTS[passed.kind], layer=titles[passed.subject]))
        for sentence in no_conflict_messages(inspection, field_id, "ja"):
            yield AutomaticCheck(True, sentence)


def _definition(case: Case, definition: Definition, answers: Mapping[str, Any]) -> list[AutomaticCheck]:
    """The definition's checks between answers, as they stood on the day of sending."""
    count = sum(len(step.checks) for step in definition.steps)
    if not count:
        return []
    outcome = evaluate(definition, answers, case.facts, today=case.submitted_on, city=current_city())
    failures = (*outcome.check_failures, *outcome.warnings)
    if failures:
        return [AutomaticCheck(False, failure.message("ja")) for failure in failures]
    return [AutomaticCheck(True, _("答えどうしの確認 {count}件に合っています", count=count))]

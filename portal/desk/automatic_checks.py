"""What was checked without anybody having to look: the fee, other permits in the way, the rules of the place, the definition's own checks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms import Definition, evaluate
from portal.cases import (
    Case,
    FeeDifference,
    MapObjection,
    OccupancyConflict,
    Sight,
    format_period,
    no_conflict_messages,
)
from portal.cases.place_reasons import finding_reason
from portal.cases.places import PlaceInspection
from portal.core.tenancy import current_city
from portal.core.text import _, date_ja, moment_ja, yen
from portal.desk.place_reasons import staff_reason
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
UNREADABLE = "地図の形を読み取れません。"


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


def objection_checks(objections: Sequence[MapObjection], titles: Mapping[str, str]) -> list[AutomaticCheck]:
    """What the applicant says against the map, and what came of it."""
    return [AutomaticCheck(row.outcome is not None, _objection(row, titles)) for row in objections]


def _objection(row: MapObjection, titles: Mapping[str, str]) -> str:
    layer = titles.get(row.layer, "地図の層")
    said = _("「{layer}」について、申請した人は地図がちがうと言っています：{words}", layer=layer, words=row.words)
    answered = {None: "回答待ち", "edited": "地図を直しました", "kept": "地図は直しません"}[row.outcome]
    return f"{said}({answered}{':' + row.reason if row.reason else ''})"


def fee_difference_text(changed: FeeDifference) -> str:
    """What a correction makes of a fee that was asked for: 支払い済み 1,000円 → 正しい額 1,500円(差額 +500円)."""
    template = (
        _("補正で料金が変わります：支払い済み {before}円 → 正しい額 {due}円(差額 {difference}円)")
        if changed.paid
        else _("補正で料金が変わります：支払い待ち {before}円 → 正しい額 {due}円(差額 {difference}円)")
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
        if field_id in inspection.unreadable:
            yield AutomaticCheck(False, UNREADABLE)
        for finding in inspection.findings.get(field_id, ()):
            if finding.holds is not None and finding.layer in titles:
                yield AutomaticCheck(finding.holds, staff_reason(finding, titles[finding.layer]))
            elif finding.holds is False:  # of a layer that this reader may not see
                yield AutomaticCheck(False, finding_reason(finding, "ja"))
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

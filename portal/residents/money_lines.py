"""Lines of money as residents read them: what each fee of an application is for, how much, and where it stands, and why.

Every page that speaks of a fee shows these lines (`residents/money_lines.html`), so that none says something else than another.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from forms import first_payment
from portal.cases import Case, format_period, outstanding_dues
from portal.core.text import _, date_ja, dot, moment_ja, pick, yen
from portal.payments import Payment, SecondPayment, Standing, failure_text, method_name, second_payments, standings
from portal.residents.my_page import Card

COUNTER = ("cash", "card_reader")


@dataclass(frozen=True)
class MoneyLine:
    """One fee: `word` is its state, `notes` say why, or what to do; `payment` is the public id of its order, empty for what
    was never asked for.
    """

    case_id: int
    title: str
    detail: str
    amount: int
    state: str
    word: str
    notes: tuple[str, ...] = ()
    payment: str = ""


def money_lines(database: Session, cases: Collection[Case], payments: Collection[Payment]) -> list[MoneyLine]:
    """Return the lines of these payments, oldest first, and after those of each case what was waived of it, waits for a decision, or is asked for
    later. What was paid a second time stands between them.
    """
    twice = second_payments(database, [case.id for case in cases])
    changes = {case.id: _changes(case) for case in cases}
    charged, lines = _lines(database, payments, changes), []
    for case in cases:
        lines += [line for line in charged if line.case_id == case.id]
        lines += [_second_line(second) for second in twice if second.case_id == case.id]
        lines += _not_charged(case)
        lines += _to_come(case)
    return lines


def lines_by_case(database: Session, cards: Collection[Card]) -> dict[int, list[MoneyLine]]:
    """Return the lines of the applications on these cards, by the case's id."""
    payments = [payment for card in cards for payment in card.payments]
    lines = money_lines(database, [card.case for card in cards], payments)
    return {card.case.id: [line for line in lines if line.case_id == card.case.id] for card in cards}


def charge_lines(database: Session, payments: Collection[Payment]) -> list[MoneyLine]:
    """Return the lines of these payments alone, oldest first."""
    return _lines(database, payments, {})


def second_lines(database: Session, case_ids: Collection[int]) -> list[MoneyLine]:
    """Return a line for everything that these applications were paid a second time, oldest first."""
    return [_second_line(second) for second in second_payments(database, case_ids)]


def _lines(
    database: Session, payments: Collection[Payment], changes: Mapping[int, Mapping[str, str]]
) -> list[MoneyLine]:
    in_order = sorted(payments, key=lambda each: each.charges[0].id)
    return [_line(standing, changes.get(standing.charge.case_id, {})) for standing in standings(database, in_order)]


def _changes(case: Case) -> dict[str, str]:
    """What a correction, or what was measured, made of each fee of the application that was asked for with it, in sentences by the rule's id."""
    if "recomputed" not in case.fee:
        return {}
    corrected = case.fee["recomputed"]["lines"]
    before, after = _yen_by_rule(case.fee["lines"]), _yen_by_rule(corrected)
    measured = {line["id"] for line in corrected if line.get("survey", {}).get("figure") is not None}
    return {
        rule: _change(rule in measured, before.get(rule, 0), after.get(rule, 0))
        for rule in dict.fromkeys((*before, *after))
        if before.get(rule, 0) != after.get(rule, 0)
    }


def _second_line(second: SecondPayment) -> MoneyLine:
    why = (
        _("前に開いた支払いの画面で支払われたため、お返しするものです。")
        if second.replaced
        else _("同じ料金が2回支払われたため、お返しするものです。")
    )
    title = _("2回目のお支払い")
    if second.transferred:
        title = _("余分に振り込まれたお金")
        why = _("必要な金額より多く、または支払いが終わったあとに振り込まれたため、お返しするものです。")
    word, how = _second_words(second)
    paid = f"{moment_ja(second.received_at)}{dot()}{method_name(second.method)}"
    state = "given_back" if second.status == "succeeded" else "returning"
    notes = tuple(filter(None, (paid, why, how)))
    return MoneyLine(second.case_id, title, "", second.amount, state, word, notes)


def _second_words(second: SecondPayment) -> tuple[str, str]:
    match second.status:
        case "succeeded":
            day = date_ja(second.finished_at) if second.finished_at else ""
            return _("返金しました"), day
        case "requires_action":
            return _("返金の手続き中"), _("メールで届いた案内から、振込先の口座を入力してください。")
        case "approved" | "pending" if not second.by_office:
            return _("返金の手続き中"), ""
        case "approved" | "pending":
            return _("返金の手続き中"), _("返しかたを、市役所からご連絡します。")
        case _:
            return _("市役所が確認しています"), ""


def _change(measured: bool, before: int, after: int) -> str:
    if measured:
        return _("実測により、料金が{before}から{after}に変わりました。", before=yen(before), after=yen(after))
    return _("訂正により、料金が{before}から{after}に変わりました。", before=yen(before), after=yen(after))


def _yen_by_rule(lines: Iterable[dict[str, Any]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for line in lines:
        if line["when"] == "submission":
            sums[line.get("id", "")] = sums.get(line.get("id", ""), 0) + first_payment(line)
    return sums


def standing_words(standing: Standing) -> tuple[str, tuple[str, ...]]:
    """Return the state of a charge in a word, and why it is so or what to do, in sentences."""
    word, notes = _state_words(standing)
    return word, (*notes, *_why_less(standing), *_why_back(standing))


def _why_less(standing: Standing) -> Iterable[str]:
    """How much of it was waived, and why."""
    charge = standing.charge
    if charge.waived and charge.due:
        yield _(
            "もとの料金{amount}のうち、{waived}が免除されました。", amount=yen(charge.amount), waived=yen(charge.waived)
        )
    for reason in standing.reasons:
        yield _("免除の理由：{reason}", reason=reason)


def _why_back(standing: Standing) -> Iterable[str]:
    """Why money goes back, for each reason once; what a person must still decide is no more than a proposal of a rule."""
    sentences = {
        "": _("お返しすることが決まったものです。"),
        "waiver": _("免除が決まったため、お返しするものです。"),
        "correction": _("計算し直した料金が安くなったため、お返しするものです。"),
        "surplus": _("必要な金額より多く支払われたため、お返しするものです。"),
        "dispute": _("カード会社への申し出が認められ、カード会社からもどったものです。"),
    }
    proposed = sum(refund.amount for refund in standing.refunds if refund.status == "requested" and refund.grounds)
    if proposed:
        yield _("{amount}をお返しするかどうかを、市役所が確かめています。", amount=yen(proposed))
    told = [
        each for each in standing.refunds if each.status != "canceled" and (each.grounds or each.status != "requested")
    ]
    for grounds in dict.fromkeys(refund.grounds for refund in told):
        yield sentences[grounds]


def _state_words(standing: Standing) -> tuple[str, tuple[str, ...]]:
    charge, payment = standing.charge, standing.payment
    match standing.state:
        case "owed":
            return _("未払い"), tuple(filter(None, (_failure(standing), *_last_day(standing))))
        case "pending":
            return _pending(standing)
        case "review":
            return _("市役所が確認しています"), (_("もう一度支払わないでください。"),)
        case "waived":
            return _("免除されました"), ()
        case "paid" | "given_back":
            word = _("返金しました") if standing.state == "given_back" else _paid_word(payment)
            how = (
                f"{moment_ja(payment.paid_at)}{dot()}{method_name(payment.method)}"
                if payment.method not in COUNTER
                else ""
            )
            by_link = _("リンクを受け取った人が支払いました。") if payment.by_link else ""
            back = _("{amount}をお返ししました", amount=yen(charge.given_back)) if charge.given_back else ""
            return word, tuple(filter(None, (how, by_link, back, _returning(standing))))
        case _:
            return _("取り消されました"), (_("支払うものは、ありません。"),)


def _paid_word(payment: Payment) -> str:
    if payment.method in COUNTER:
        return _("窓口で支払い済み({day})", day=date_ja(payment.paid_at))
    return _("支払い済み")


def _pending(standing: Standing) -> tuple[str, tuple[str, ...]]:
    until = _("{day}までに支払ってください", day=moment_ja(standing.until)) if standing.until else ""
    if standing.why == "by_link":
        return _("支払い待ち"), (_("リンクを受け取った人が、支払いの手続きをしています"),)
    if standing.why == "voucher":
        return _("支払い待ち(コンビニ)"), (until,)
    if standing.why == "transfer":
        arrived = _("{amount}が届いています", amount=yen(standing.arrived)) if standing.arrived else ""
        transfer_by = _("{day}までに振り込んでください", day=moment_ja(standing.until)) if standing.until else ""
        return _("支払い待ち(銀行振込)"), tuple(filter(None, (arrived, transfer_by)))
    return _("支払い待ち"), (_("支払いの結果を待っています"),)


def _failure(standing: Standing) -> str:
    return failure_text(standing.failure) if standing.failure else ""


def _last_day(standing: Standing) -> Iterable[str]:
    pay_by = standing.charge.demand_by or standing.charge.pay_by
    if pay_by is None:
        return
    yield f"{_('お支払いの期限')} {date_ja(pay_by, year=True)}"
    if standing.why == "overdue":
        yield _("期限が過ぎています")
    if standing.why == "demanded":
        yield _("督促状を出しています")


def _returning(standing: Standing) -> str:
    sentences = {
        "returning": _("{amount}をお返しする手続きをしています。", amount=yen(standing.returning)),
        "account_needed": _("メールで届いた案内から、振込先の口座を入力してください。"),
        "not_returned": _("口座にお返しできませんでした。市役所からご連絡します。")
        if standing.payment.method == "bank_transfer"
        else _("カードにお返しできませんでした。市役所からご連絡します。"),
    }
    return sentences.get(standing.why, "")


def _line(standing: Standing, changes: Mapping[str, str]) -> MoneyLine:
    charge = standing.charge
    word, notes = standing_words(standing)
    is_first = charge.purpose == "submission" or charge.purpose.startswith("submission-change-")
    if is_first and charge.rule_id in changes:
        notes = (*notes, changes[charge.rule_id])
    return MoneyLine(
        charge.case_id,
        pick(charge.title),
        pick(charge.detail),
        charge.due or charge.amount,
        standing.state,
        word,
        notes,
        standing.payment.public_id,
    )


def _not_charged(case: Case) -> Iterable[MoneyLine]:
    """What the definition waives, or a person must decide about first: nothing is asked for it."""
    words = {
        "waived": ("waived", _("免除されました")),
        "reduction": ("undecided", _("減免を審査しています")),
        "survey": ("undecided", _("職員の実測を待っています")),
    }
    for line in case.fee.get("lines", ()):
        if line["state"] in words and line.get("full_amount"):
            state, word = words[line["state"]]
            note = pick(line.get("reason")) if state == "waived" else _("決まるまで、支払う必要はありません。")
            detail = pick(line["explanation"]) if line["state"] == "survey" else ""
            yield MoneyLine(
                case.id, pick(line["label"]), detail, _full(line), state, word, tuple(filter(None, (note,)))
            )


def _to_come(case: Case) -> Iterable[MoneyLine]:
    """What is asked for later, with the numbers of a correction where there was one."""
    why = _("計算し直した金額です。") if "recomputed" in case.fee else ""
    for due in outstanding_dues(case.fee) if case.closed_at is None else ():
        opens = _("{day}から支払えます。", day=date_ja(due.opens_on, year=True)) if due.opens_on else ""
        until = f"{_('お支払いの期限')} {date_ja(due.pay_by, year=True)}" if due.pay_by else ""
        for line in due.lines:
            period = format_period(line.start, line.end) if line.start and line.end else ""
            notes = tuple(filter(None, (opens, until, why)))
            yield MoneyLine(case.id, pick(line.label), period, line.amount, "to_come", _("これから支払います"), notes)


def _full(line: dict[str, Any]) -> int:
    return int(line["full_amount"])

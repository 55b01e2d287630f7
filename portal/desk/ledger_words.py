"""The books in an accountant's words: kinds of movements, differences, methods, and the names of departments and procedures."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from portal import identity, ledger
from portal.core.text import _, pick
from portal.payments import method_name

KINDS: Mapping[str, str] = {
    "charge_raised": "調定",
    "charge_reduced": "調定の減額",
    "charge_waived": "減免",
    "payment_received": "収納",
    "deposit_applied": "預り金の充当",
    "refund_approved": "還付の決定",
    "refund_paid": "還付",
    "provider_fee": "決済手数料",
    "provider_payout": "決済会社からの入金",
    "provider_adjustment": "決済会社の調整",
    "disputed": "異議申し立て",
    "payout_decided": "交付の決定",
    "payout_paid": "振込",
    "cash_counted": "現金の過不足",
    "cash_banked": "現金の預け入れ",
    "reclassified": "款項目節の振替",
    "transfer_arrived": "振込の着金",
    "transfer_applied": "振込の充当",
    "transfer_returned": "振込の返金",
    "transfer_kept": "返せない振込の預かり",
    "reversal": "取消",
}
DIFFERENCES: Mapping[str, str] = {
    "not_ours": "決済会社の帳簿だけにあります",
    "not_there": "市の帳簿だけにあります",
    "amount": "金額がちがいます",
    "payer_funds": "振込の預かりの額がちがいます",
    "not_at_bank": "銀行の明細にありません",
    "only_at_bank": "銀行の明細だけにあります",
    "sums": "合計が明細と合いません",
}
METHODS: Mapping[str, str] = {
    "cash": "現金",
    "card_reader": "カード端末",
    "transfer": "振込",
    "slip": "納付書",
    "": "—",
}
GROUPINGS: Mapping[str, str] = {"department": "課", "procedure": "手続き", "method": "方法", "code": "款項目節"}
UNSET = "未設定"


def department_names(session: Session) -> dict[int | None, str]:
    """The title of each department by its id, of those too that closed: the books keep them."""
    departments = identity.list_departments(session, with_closed=True)
    return {department.id: pick(department.title, "ja") for department in departments}


def method_words(method: str) -> str:
    """What people call a way to pay."""
    return _(METHODS[method]) if method in METHODS else method_name(method)


def line_name(
    by: ledger.Grouping, key: object, departments: Mapping[int | None, str], titles: Mapping[str, str]
) -> str:
    """The name of a line of a report."""
    if by == "department":
        return departments.get(key if isinstance(key, int) else None, "—")
    text = str(key or "")
    if by == "procedure":
        return titles.get(text, text or "—")
    return method_words(text) if by == "method" else text or _(UNSET)

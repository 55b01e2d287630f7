"""Statements of card companies, read into lines: any CSV whose columns are known or named, because no two companies have one layout.

Pure: bytes in, lines or a fault out. Numbers of cards and what else a file says of cardholders are not read.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.core.text import _
from portal.ledger.bank_files import CsvLayout, CsvRow, UnreadableBankFile, decoded
from portal.tills.rules import MAX_YEN

MAX_LINES = 20_000
COLUMNS = ("slip_number", "brand", "day", "gross", "fee", "net", "kind", "paid_on")
"""What a column can be: the number of the terminal's slip, the card's brand, the day of use, yen before the fee, the fee, yen after it,
sale or return, and the day on which the company pays."""
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "slip_number": ("伝票番号", "伝票No", "伝票NO", "伝票No.", "売上票番号", "端末伝票番号", "売上伝票番号"),
    "brand": ("ブランド", "カードブランド", "国際ブランド", "カード種別", "カードの種類"),
    "day": ("利用日", "ご利用日", "利用年月日", "売上日", "取引日", "日付"),
    "gross": ("売上金額", "利用金額", "ご利用金額", "取引金額", "売上額", "金額"),
    "fee": ("手数料", "加盟店手数料", "手数料額", "手数料金額", "決済手数料"),
    "net": ("差引金額", "差引額", "差引支払額", "支払金額", "振込金額", "入金額", "入金金額"),
    "kind": ("取引区分", "売上区分", "取引種別", "処理区分", "区分"),
    "paid_on": ("支払日", "お支払日", "振込日", "入金日"),
}
_LAYOUT = CsvLayout(
    HEADINGS,
    ({"slip_number"}, {"day"}, {"gross"}, {"fee", "net"}),
    _("伝票番号、利用日、売上金額と、手数料か差引金額の列が見つかりません。どの列が何かを選んでください。"),
    MAX_LINES,
)
_BRANDS = {
    "visa": ("VISA", "ビザ"),
    "mastercard": ("MASTER", "マスター"),
    "jcb": ("JCB", "ジェーシービー"),
    "amex": ("AMEX", "AMERICANEXPRESS", "アメックス", "アメリカンエキスプレス"),
    "diners": ("DINERS", "ダイナース"),
}
_RETURN = re.compile("返品|返金|取消|払戻|赤|マイナス")


@dataclass(frozen=True)
class CardLine:
    """One use of a card; what was given back is below zero, with a fee that was given back too."""

    slip_number: str
    day: date
    gross: int
    fee: int
    brand: str = ""
    paid_on: date | None = None

    @property
    def net(self) -> int:
        """Yen that the company pays for it."""
        return self.gross - self.fee


def read_card_file(content: bytes, columns: Mapping[str, str] | None = None) -> list[CardLine]:
    """Read a file. `columns` says which heading is what (`COLUMNS`); a file without these headings, as one without `columns`, is read by
    the usual ones. Raises UnreadableBankFile."""
    text = decoded(content).replace("\x00", "")
    try:
        rows = _LAYOUT.rows(text, columns)
    except UnreadableBankFile as fault:
        if not (columns and fault.headings):
            raise
        rows = _LAYOUT.rows(text)
    lines = [_line(row) for row in rows if not _is_total(row)]
    if not lines:
        raise UnreadableBankFile(_("このファイルには、カードの利用が1行もありません。"))
    return lines


def headings_of(content: bytes) -> list[str]:
    """Return the headings of a file, for naming them; none when it cannot be read."""
    try:
        _LAYOUT.rows(decoded(content), {name: f"\x00{name}" for name in COLUMNS})
    except UnreadableBankFile as fault:
        return fault.headings
    return []


def slip_key(number: str) -> str:
    """A slip's number without what is written differently: width, case, hyphens, leading zeros."""
    plain = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", number).upper())
    return plain.lstrip("0") or plain[:1]


def _is_total(row: CsvRow) -> bool:
    """A line of sums below the others: it has no day and says what it is."""
    return not row.text("day") and any("計" in cell for cell in row.cells)


def _line(row: CsvRow) -> CardLine:
    number = unicodedata.normalize("NFKC", row.text("slip_number")).strip().lstrip("'")
    if not slip_key(number):
        raise UnreadableBankFile(_("{number}行目：伝票番号がありません。", number=row.line))
    gross = row.yen("gross")
    if not 0 < abs(gross) <= MAX_YEN:
        raise UnreadableBankFile(_("{number}行目：売上金額が0円か、大きすぎます。", number=row.line))
    if gross > 0 and _RETURN.search(row.text("kind")):
        gross = -gross
    return CardLine(
        slip_number=number[:40],
        day=row.day("day"),
        gross=gross,
        fee=_fee(row, gross),
        brand=_brand(row.text("brand")),
        paid_on=row.day("paid_on") if row.text("paid_on") else None,
    )


def _fee(row: CsvRow, gross: int) -> int:
    """Yen that the company keeps, however the file signs its columns; what it gives back with a return is below zero."""
    sign = 1 if gross > 0 else -1
    has_net, has_fee = bool(row.text("net")), bool(row.text("fee"))
    net = row.yen("net")
    if gross < 0 < net:
        net = -net
    fee = abs(row.yen("fee"))
    if has_net and has_fee and gross - net not in {fee, -fee}:
        raise UnreadableBankFile(
            _("{number}行目：売上金額から手数料を引いた金額が、差引金額と合いません。", number=row.line)
        )
    fee = gross - net if has_net else sign * fee
    if not (has_net or has_fee):
        raise UnreadableBankFile(_("{number}行目：手数料も差引金額もありません。", number=row.line))
    if abs(fee) > abs(gross) or (gross > 0 > fee):
        raise UnreadableBankFile(_("{number}行目：手数料が、売上金額より大きいか、マイナスです。", number=row.line))
    return fee


def _brand(text: str) -> str:
    plain = re.sub(r"[^0-9A-Zァ-ヶー]", "", unicodedata.normalize("NFKC", text).upper())
    if not plain:
        return ""
    return next((brand for brand, words in _BRANDS.items() if any(word in plain for word in words)), "other")

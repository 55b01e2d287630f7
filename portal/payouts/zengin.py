"""The file of transfers that banks take (全国銀行協会 総合振込): records of 120 bytes in JIS with half-width kana, each ended by CRLF.

A header (1), a record for each transfer (2), a trailer (8) and an end (9). Numbers stand right with noughts before them, texts left
with spaces behind.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from forms.text.kana import to_katakana

_LENGTH = 120
_MAX_AMOUNT = 10**10 - 1
_KINDS = {"ordinary": "1", "checking": "2", "savings": "4"}
_SMALL = str.maketrans("ァィゥェォッャュョヮヵヶヰヱヲ", "アイウエオツヤユヨワカケイエオ")
_SIGNS = {"ー": "-", "・": ".", "「": "｢", "」": "｣", "　": " ", "−": "-", "－": "-", "（": "(", "）": ")"}
_HALF = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF66, 0xFF9E)}
_MARKS = {"\u3099": "ﾞ", "\u309a": "ﾟ"}
_ALLOWED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ()-./,｢｣") | frozenset(_HALF.values()) | {"ﾞ", "ﾟ"}


class NotTransferable(ValueError):
    """A transfer that the file cannot say; `str` is the reason in Japanese."""


@dataclass(frozen=True)
class Consignor:
    """Who transfers: the code that the bank gave (委託者コード), name in kana, bank, branch, kind and number of the account."""

    code: str
    name: str
    bank_code: str
    bank_name: str
    branch_code: str
    branch_name: str
    kind: str
    number: str


@dataclass(frozen=True)
class Transfer:
    """One transfer of whole yen. `reference` comes back from the bank with it."""

    bank_code: str
    bank_name: str
    branch_code: str
    branch_name: str
    kind: str
    number: str
    holder: str
    amount: int
    reference: int


def half_width(text: str) -> str:
    """A text in the letters that banks take: half-width katakana with their marks apart, capitals, digits and a few signs.

    Letters that banks do not have (kanji) are left out; small kana become large ones, as in bank books.
    """
    letters = []
    for character in unicodedata.normalize("NFD", to_katakana(text).translate(_SMALL)):
        plain = _SIGNS.get(character) or _MARKS.get(character) or _HALF.get(character) or character.upper()
        letters.append(plain if plain in _ALLOWED else unicodedata.normalize("NFKC", plain).upper())
    return "".join(letter for letter in letters if letter in _ALLOWED)


def transfer_file(consignor: Consignor, transfer_on: date, transfers: Sequence[Transfer]) -> bytes:
    """The whole file. Raises NotTransferable for a transfer without a holder, of no yen, or of too many."""
    records = [_header(consignor, transfer_on), *map(_data, transfers), _trailer(transfers), "9" + " " * (_LENGTH - 1)]
    encoded = [record.encode("cp932") for record in records]
    assert all(len(record) == _LENGTH for record in encoded)  # noqa: S101 - each field pads itself
    return b"".join(record + b"\r\n" for record in encoded)


def account_fault(account: Mapping[str, Any], amount: int) -> str:
    """Why a file could not say this account, in Japanese; "" when it can."""
    try:
        _data(transfer_of(account, amount, 0))
    except NotTransferable as error:
        return str(error).removeprefix("振込 0: ")
    return ""


def transfer_of(account: Mapping[str, Any], amount: int, reference: int) -> Transfer:
    """The transfer to an account as answers and desks keep it."""
    names = ("bank_code", "bank_name", "branch_code", "branch_name", "kind", "number", "holder")
    return Transfer(**{name: str(account.get(name, "")) for name in names}, amount=amount, reference=reference)


def _header(consignor: Consignor, transfer_on: date) -> str:
    return "".join(
        [
            "1210",
            _number(consignor.code, 10),
            _text(consignor.name, 40),
            f"{transfer_on:%m%d}",
            _number(consignor.bank_code, 4),
            _text(consignor.bank_name, 15),
            _number(consignor.branch_code, 3),
            _text(consignor.branch_name, 15),
            _KINDS[consignor.kind],
            _number(consignor.number, 7),
            " " * 17,
        ]
    )


def _data(transfer: Transfer) -> str:
    holder = half_width(transfer.holder).strip()
    if not holder:
        raise NotTransferable(f"振込 {transfer.reference}: 口座名義を、銀行で使えるカナにできません。")
    if transfer.kind not in _KINDS:
        raise NotTransferable(f"振込 {transfer.reference}: 口座の種類を選んでください。")
    if not 0 < transfer.amount <= _MAX_AMOUNT:
        raise NotTransferable(f"振込 {transfer.reference}: 金額が{transfer.amount:,}円です。")
    return "".join(
        [
            "2",
            _number(transfer.bank_code, 4),
            _text(transfer.bank_name, 15),
            _number(transfer.branch_code, 3),
            _text(transfer.branch_name, 15),
            "0000",  # 手形交換所番号, no longer used
            _KINDS[transfer.kind],
            _number(transfer.number, 7),
            _text(holder, 30),
            _number(str(transfer.amount), 10),
            "0",  # 新規コード: neither the first transfer nor a changed one is marked
            _number(str(transfer.reference), 10),
            "0" * 10,
            "7",  # 電信振込
            " ",
            " " * 7,
        ]
    )


def _trailer(transfers: Iterable[Transfer]) -> str:
    amounts = [transfer.amount for transfer in transfers]
    return "8" + _number(str(len(amounts)), 6) + _number(str(sum(amounts)), 12) + " " * 101


def _number(digits: str, length: int) -> str:
    if not digits.isdecimal() or len(digits) > length:
        raise NotTransferable(f"「{digits}」は、{length}けたまでの数字ではありません。")
    return digits.rjust(length, "0")


def _text(text: str, length: int) -> str:
    return half_width(text)[:length].ljust(length)

"""The number under which a slip is paid (納付番号): that of its order, with two check digits (ISO 7064, MOD 97-10)."""

import unicodedata

_DIGITS = 12


def slip_reference(order_id: int) -> str:
    """Return the number as it is printed, in groups of four."""
    check = 98 - order_id * 100 % 97
    digits = f"{order_id:010d}{check:02d}"
    return " ".join(digits[start : start + 4] for start in range(0, _DIGITS, 4))


def order_of_slip(reference: str) -> int | None:
    """Return the order that a number leads to, typed with or without spaces and hyphens; None when its check digits are wrong."""
    digits = unicodedata.normalize("NFKC", reference).replace(" ", "").replace("-", "")
    if len(digits) != _DIGITS or not (digits.isascii() and digits.isdigit()) or int(digits) % 97 != 1:
        return None
    return int(digits) // 100

"""Telephone numbers: read however they are written or copied, kept as E.164 with the extension (RFC 3966)."""

import re

import phonenumbers

from writing.folding import CODE

#: Longest canonical value: + and 15 digits, `;ext=` and 7 digits.
LONGEST = 30
_APART = re.compile(r"[・･.．_]|(?<=\d)/(?=\d)")
_EXTENSION = re.compile(r"[\s,、;(]*(?:内線(?:番号)?|ext(?:ension|n)?\.?|x)\s*[:=.\-]?\s*(\d{1,7})\)?$", re.IGNORECASE)
_LABEL = re.compile(r"^\(?(?:tel|電話(?:番号)?|携帯(?:電話)?|phone|mobile|〒)\)?\s*[:.]?\s*", re.IGNORECASE)


def parse_phone(text: str) -> str | None:
    """`+81425232111`, with an extension `+81425232111;ext=123`; None for what is no telephone number that exists."""
    folded = _LABEL.sub("", CODE(text))
    extension = _EXTENSION.search(folded)
    number = _parse(_APART.sub("-", folded[: extension.start()] if extension else folded))
    if number is None or number.extension:
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{e164};ext={extension[1]}" if extension else e164


def show_phone(value: object, language: str = "ja") -> str:
    """A canonical number as it is written in Japan, one from abroad as it is dialled from here; empty for anything else."""
    if not is_phone(value):
        return ""
    e164, _mark, extension = str(value).partition(";ext=")
    number = phonenumbers.parse(e164, "JP")
    form = phonenumbers.PhoneNumberFormat
    shown = phonenumbers.format_number(number, form.NATIONAL if number.country_code == 81 else form.INTERNATIONAL)
    if not extension:
        return shown
    return f"{shown} ext. {extension}" if language == "en" else f"{shown} 内線{extension}"


def is_phone(value: object) -> bool:
    """Whether a value is exactly what `parse_phone` makes."""
    return isinstance(value, str) and len(value) <= LONGEST and value.startswith("+") and parse_phone(value) == value


def _parse(text: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, "JP")
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None

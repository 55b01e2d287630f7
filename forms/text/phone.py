"""Telephone numbers: read however they are written or copied, kept as E.164 with the extension (RFC 3966)."""

import re

import phonenumbers

from forms.text.ways import ways_of
from writing.folding import CODE
from writing.numerals import single_digits

#: A canonical value: + and at most 15 digits, `;ext=` and at most 7.
_CANONICAL = re.compile(r"(\+[0-9]{2,15})(?:;ext=[0-9]{1,7})?")
_APART = re.compile(r"[・･.．_~〜,、]|(?<=\d)/(?=\d)")
_EXTENSION = re.compile(
    r"[\s,、;(]*(?:内線(?:番号)?|内线|分机号?|转|내선(?:번호)?|\(内\)|内|ext(?:ension|n)?\.?|x|#)\s*[:=.\-]?\s*(\d{1,7})番?\)?$",
    re.IGNORECASE,
)
# What stands before a number, and behind it, that says whose it is.
_LABEL = re.compile(
    r"^\(?(?:tel|電話(?:番号)?|携帯(?:電話)?|自宅|勤務先|会社|代表|phone|mobile|home|work|[☎☏📞📱])\)?\s*[:.]?\s*",
    re.IGNORECASE,
)
# Japan as it is dialled from most countries, 00 before the code of the country; from Japan itself 010 leads abroad.
_ABROAD = re.compile(r"^00-?81(?=[-\s(]*0?[1-9])")
_REMARK = re.compile(r"\s*\([^()0-9]{1,10}\)$|\s*代表$")


def parse_phone(text: str) -> str | None:
    """`+81425232111`, with an extension `+81425232111;ext=123`; None for what is no telephone number that exists."""
    folded = _LABEL.sub("", single_digits(CODE(text)).strip("「」'\"; "))
    extension = _EXTENSION.search(folded)
    whole = _REMARK.sub("", folded[: extension.start()] if extension else folded)
    number = _parse(_ABROAD.sub("+81", _APART.sub("-", whole)))
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
    return shown + ways_of(language).extension.format(extension)


def is_phone(value: object) -> bool:
    """Whether a value is exactly what `parse_phone` makes."""
    if not isinstance(value, str) or (canonical := _CANONICAL.fullmatch(value)) is None:
        return False
    e164 = canonical[1]
    if e164.startswith("+81"):  # nothing is left to be read; a trunk prefix is none of the number's digits
        national = e164[3:]
        domestic = phonenumbers.PhoneNumber(country_code=81, national_number=int(national or "0"))
        return not national.startswith("0") and phonenumbers.is_valid_number(domestic)
    number = _parse(e164)
    if number is None or number.extension:
        return False
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == e164


def _parse(text: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, "JP")
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None

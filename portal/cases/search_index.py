"""What a case is found by at the desk, and what somebody looks for there: both pass through the same folds.

Words are found by pairs of characters, one GIN index for all; a telephone number or an e-mail address as a whole, and by the end or
the name that people remember of it. Terms of a whole are made in `_whole` alone, words in `_pairs` alone. What the line of a case says to
everybody (its title, its applicant) is kept once more as `=term`, for those who do not read the answers.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import regex

from forms import Definition
from forms.definition.procedure import group_fields
from forms.fields import FieldType
from forms.fields.composite import CompositeField
from forms.fields.text import TextField
from forms.text.email import UnreadableEmail, normal_email
from forms.text.phone import parse_phone
from writing.folding import CODE, SEARCH, counted, dashes_at_digits, width

VERSION = 5
"""Raised whenever the terms of the same answers change; a job writes those of older cases again (`portal.cases.reindexing`)."""

ENDS = (4, 7, 8)
"""Last digits by which a telephone number is found: what people say, a local number, a mobile number without its 090."""

_NAMES = frozenset({"person_name", "person_kana"})
_WRITTEN = frozenset({"text", "long_text"})
_MOST_WRITTEN = 2000
"""Characters of an answer whose words a case is found by."""
_CHOSEN = frozenset({"choice", "choices"})
_NUMBER = re.compile(r"([^\W\d_])(?:-?(\d{4})-?(\d{5,9})|-(\d{4})-(\d{1,4}))")
_NUMBER_BEGINNING = re.compile(r"([^\W\d_A-Za-z])-?(\d{4})-?")
_NUMBER_BODY = re.compile(r"(\d{4})-(\d{1,5})")
_NUMBER_DIGITS = 5
_TAIL = 3
"""Last digits of a receipt number by which it is found whatever stands before them."""
_FIGURES = re.compile(r"[0-9][0-9 ()・.-]*")
_BLOCK = re.compile(r"(?<=[^\W\d])(\d{1,2})-(\d{1,4})(?:-(\d{1,4}))?(?![\d-])")
_RUN = re.compile(r"[0-9]+")
_MAX_RUN = 12
_MAILBOX = re.compile(r"(?P<name>[a-z0-9][a-z0-9._+-]{1,63})(?P<at>@)?")
# Letters for which a passport has two (ICAO Doc 9303 part 3, section 6).
_PASSPORT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_SYLLABIC = regex.compile(r"[\p{Han}\p{Hangul}]")


@dataclass(frozen=True)
class SearchQuery:
    """What is looked for.

    kind: `` nothing, `number` a receipt number, `beginning` the beginning of one or `terms`, `figures` digits that may be
    anything, `terms` all of `terms`, `mailbox` one word that is either all of `terms` or what stands before the @ of an address.
    `number_end` are the last digits of a receipt number, `number_day` the four before them, where they were typed.
    """

    kind: Literal["", "number", "beginning", "figures", "terms", "mailbox"]
    text: str = ""
    terms: tuple[str, ...] = ()
    phone_end: str = ""
    mail: str = ""
    number_day: str = ""
    number_end: str = ""

    @property
    def number_tail(self) -> str:
        """How a receipt number ends, from its end; of fewer than three digits too many numbers do, and none ends with a colon."""
        typed = f"{self.number_day}-{self.number_end}" if self.number_day else self.number_end
        return typed[::-1] if len(self.number_end) >= _TAIL else ":"

    @property
    def figure(self) -> str:
        """The term of the digits as one run: that 117 stands there, not only 11 and 17 somewhere."""
        return _whole("figure", self.text)

    @property
    def line_terms(self) -> list[str]:
        """The terms for somebody who sees no more than the line of a case."""
        return [f"={term}" for term in self.terms]


def search_terms(
    definition: Definition, answers: Mapping[str, Any], *, line: Iterable[str], place: str, contact: str | None
) -> list[str]:
    """Everything a case is found by: names in any order, readings, telephone numbers, e-mail addresses, addresses, what was written into
    answers and what was chosen in them.

    `line`: what its line says to everybody (title, names of those who apply). `place`: where it is. `contact`: the address that letters go to.
    The column keeps keyed fingerprints of them. Answers that a definition calls sensitive are left out all the same.
    """
    terms = {*line_terms(line), *word_terms([place])}
    for field, value in _open_answers(definition.fields.values(), answers):
        terms |= _terms_of(field, value)
    if contact:
        terms |= _of_email(contact)
    return sorted(terms)


def parse_search(text: str) -> SearchQuery:  # noqa: PLR0911 - one return for each kind of query
    """What somebody typed into the desk's search, understood."""
    code = CODE(text)
    number = _NUMBER.fullmatch(code.replace(" ", ""))
    if not code:
        return SearchQuery("")
    if number:
        day, last = number[2] or number[4], number[3] or number[5].zfill(_NUMBER_DIGITS)
        return SearchQuery("number", f"{number[1]}-{day}-{last}")
    if "@" in code and (mail := _email(text)):
        return SearchQuery("terms", terms=(_whole("mail", mail),))
    body = _NUMBER_BODY.fullmatch(code.replace(" ", ""))
    if not body and (phone := parse_phone(text)):
        return SearchQuery("terms", terms=(_whole("phone", phone.partition(";")[0]),))
    if _FIGURES.fullmatch(code):
        digits = "".join(sign for sign in code if sign.isdecimal())
        end = _whole("phone end", digits) if len(digits) in ENDS else ""
        day, last = body.groups() if body else ("", digits)
        return SearchQuery("figures", digits, tuple(sorted(_pairs([digits]))), end, number_day=day, number_end=last)
    terms = tuple(sorted(_query_terms(_as_counted(text))))
    beginning = _NUMBER_BEGINNING.fullmatch(code.replace(" ", ""))
    if beginning:
        return SearchQuery("beginning", f"{beginning[1]}-{beginning[2]}-", terms)
    mailbox = _MAILBOX.fullmatch(code.lower())
    if mailbox and mailbox["at"]:
        return SearchQuery("terms", terms=(_whole("mail", mailbox["name"]),))
    if mailbox and terms:
        return SearchQuery("mailbox", terms=terms, mail=_whole("mail", mailbox["name"]))
    return SearchQuery("terms", terms=terms) if terms else SearchQuery("number", code)


def word_terms(texts: Iterable[str]) -> list[str]:
    """The terms of words alone, in every writing of their house numbers."""
    return sorted({term for text in texts for term in (*_pairs(_writings(text)), *_figures(text))})


def line_terms(texts: Iterable[str]) -> list[str]:
    """The terms of what the line of a case says to everybody; a name of two parts is found without its space too."""
    terms: set[str] = set()
    for text in texts:
        terms |= _pairs(_writings(text)) | _figures(text)
        parts = SEARCH(text).split()
        if len(parts) == 2:
            terms |= _pairs(_names(*parts))
    return sorted(terms | {f"={term}" for term in terms})


def _query_terms(folded: str) -> set[str]:
    """The terms that a case must have. A single letter or digit beside longer words narrows nothing and is not kept."""
    pieces = folded.split()
    long = {piece for piece in pieces if len(piece) > 1}
    terms = {piece[place : place + 2] for piece in long for place in range(len(piece) - 1)}
    return terms | {piece for piece in pieces if len(piece) == 1 and (not long or _SYLLABIC.match(piece))}


def _pairs(texts: Iterable[str]) -> set[str]:
    """Pairs of neighbours in each piece of folded texts, short pieces themselves, and each kanji and each syllable of Hangul."""
    terms: set[str] = set()
    for text in texts:
        for piece in text.split():
            if len(piece) == 1:
                terms.add(piece)
            terms.update(piece[place : place + 2] for place in range(len(piece) - 1))
            terms.update(_SYLLABIC.findall(piece))
    return terms


def _figures(text: str) -> set[str]:
    """Every part of every run of digits. Pairs repeat in figures (00050 has those of 00005); the whole part does not."""
    runs = {run[:_MAX_RUN] for run in _RUN.findall(width(text))}
    cut = {run[begin:end] for run in runs for begin in range(len(run)) for end in range(begin + 1, len(run) + 1)}
    return {_whole("figure", part) for part in cut}


def _writings(text: str) -> set[str]:
    """A text folded as written, with its house numbers in digits, and with 2-17-3 as 2丁目17番3号."""
    plain = dashes_at_digits(counted(width(text)))
    return {SEARCH(text), SEARCH(plain), SEARCH(_BLOCK.sub(_spelt_out, plain))}


def _spelt_out(block: re.Match[str]) -> str:
    return f"{block[1]}丁目{block[2]}番" + (f"{block[3]}号" if block[3] else "")


def _open_answers(fields: Iterable[FieldType], answers: Mapping[str, Any]) -> Iterator[tuple[FieldType, Any]]:
    """Every answer but the sensitive ones, those inside groups too."""
    for field in fields:
        value = answers.get(field.id)
        if value is None or field.sensitive:
            continue
        inner = group_fields(field)
        if isinstance(field, CompositeField):
            yield from (pair for pair in field.answered(value) if not pair[0].sensitive)
        elif field.type != "group":
            yield field, value
        elif isinstance(value, list) and not any(each.sensitive for each in inner):
            for row in value:
                if isinstance(row, Mapping):
                    yield from _open_answers(inner, row)


def _terms_of(field: FieldType, value: Any) -> set[str]:
    if field.type in _NAMES and isinstance(value, Mapping):
        return _pairs(_names(str(value.get("family", "")), str(value.get("given", ""))))
    if field.type == "address":
        return _pairs(_writings(field.show(value, "ja")))
    if field.type == "phone" and isinstance(value, str):
        return _of_phone(value)
    if field.type == "email" and isinstance(value, str):
        return _of_email(value)
    if isinstance(field, TextField) and field.format is not None and isinstance(value, str):
        digits = value.removeprefix("T")
        return _pairs([digits]) | {_whole("figure", digits)}
    if field.type in _WRITTEN and isinstance(value, str):
        return _pairs(_writings(value[:_MOST_WRITTEN]))
    if field.type in _CHOSEN:
        return _pairs([SEARCH(field.show(value, "ja"))])
    return set()


def _names(family: str, given: str) -> Iterator[str]:
    """A name in either order, with and without a space between, as it is written, as a query with a number is read (一条), and as
    passports spell it (Müller is MUELLER).
    """
    for read in (SEARCH, _as_counted, _as_in_passports):
        parts = read(family), read(given)
        yield from parts
        together = [part.replace(" ", "") for part in parts]
        yield from ("".join(together), "".join(reversed(together)))


def _as_counted(text: str) -> str:
    return SEARCH(counted(width(text)))


def _as_in_passports(text: str) -> str:
    return SEARCH(unicodedata.normalize("NFC", text).casefold().translate(_PASSPORT))


def _of_phone(number: str) -> set[str]:
    e164 = number.partition(";")[0]
    return {_whole("phone", e164)} | {_whole("phone end", e164[-length:]) for length in ENDS}


def _of_email(address: str) -> set[str]:
    mail = _email(address)
    return {_whole("mail", mail), _whole("mail", mail.partition("@")[0])} if mail else set()


def _email(text: str) -> str | None:
    try:
        return normal_email(text)
    except UnreadableEmail:
        return None


def _whole(kind: str, value: str) -> str:
    """The term of something that is found as a whole."""
    return f"{kind} {value}"

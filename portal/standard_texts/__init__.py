"""Standard texts of departments: messages, requests to correct, reasons of refusals and conditions, with variables that each case fills in.

Staff choose from them where they write to an applicant; what is sent is theirs, and stays as it was sent when a text changes. This package's
`__all__` is what others may use; its table is read and written here alone.
"""

from portal.standard_texts import events, rights
from portal.standard_texts.actions import remove_text, save_text
from portal.standard_texts.content import KINDS, MAX_TEXT, MAX_TITLE, StandardContent
from portal.standard_texts.models import StandardText
from portal.standard_texts.queries import standard_text, texts_for, texts_of
from portal.standard_texts.variables import VARIABLES, fill, names_in, pieces

__all__ = [
    "KINDS",
    "MAX_TEXT",
    "MAX_TITLE",
    "VARIABLES",
    "StandardContent",
    "StandardText",
    "events",
    "fill",
    "names_in",
    "pieces",
    "remove_text",
    "rights",
    "save_text",
    "standard_text",
    "texts_for",
    "texts_of",
]

"""What a resident lets the city keep for their next applications: one answer for each shared item, each kept by their own choice.

This package's `__all__` is what others may use; its table is read and written here alone. Nothing reads a profile but the pages
and the drafts of the account that it belongs to; staff have no way to it.
"""

from portal.profiles import events
from portal.profiles.actions import edit_item, keep_items, record_use, remove_items
from portal.profiles.item_form import form_of_item
from portal.profiles.models import ProfileItem
from portal.profiles.new_item import NewItem, Origin
from portal.profiles.queries import profile_items, profile_log
from portal.profiles.rows import as_question_has_it, as_shared

__all__ = [
    "NewItem",
    "Origin",
    "ProfileItem",
    "as_question_has_it",
    "as_shared",
    "edit_item",
    "events",
    "form_of_item",
    "keep_items",
    "profile_items",
    "profile_log",
    "record_use",
    "remove_items",
]

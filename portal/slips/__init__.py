"""Payment slips (納付書) and direct debits that banks report in files: looked at, matched with orders, and taken into the books.

This package's `__all__` is what others may use; its tables are read and written here alone. Functions that take a session work in the
caller's transaction; what a file brings is posted line by line by a job, because a fee may first have to be closed at the provider.
"""

from portal.slips import events
from portal.slips.files import COLUMNS
from portal.slips.imports import add_file, drop_file, lines_of_file, open_lines, take_file, taken_files
from portal.slips.models import SlipFile, SlipLine
from portal.slips.posting import assign_line, post_waiting
from portal.slips.preview import Match, SlipPreview, preview

__all__ = [
    "COLUMNS",
    "Match",
    "SlipFile",
    "SlipLine",
    "SlipPreview",
    "add_file",
    "assign_line",
    "drop_file",
    "events",
    "lines_of_file",
    "open_lines",
    "post_waiting",
    "preview",
    "take_file",
    "taken_files",
]

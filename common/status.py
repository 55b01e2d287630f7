"""The statuses of a case, which decide its colour and icon everywhere. The states of a workflow are finer and belong to its definition."""

from collections.abc import Mapping
from typing import Literal, get_args

Status = Literal["new", "review", "fix", "wait", "ok", "no"]

STATUSES: tuple[Status, ...] = get_args(Status)
"""In the order of legends, filters and the ring around a cluster on the map."""

CLOSED_STATUSES: tuple[Status, ...] = ("ok", "no")
OPEN_STATUSES: tuple[Status, ...] = tuple(status for status in STATUSES if status not in CLOSED_STATUSES)

APPLICANTS_TURN: tuple[Status, ...] = ("fix", "wait")
"""Those in which the office waits for the applicant."""

STATUS_WORDS: Mapping[Status, str] = {
    "new": "受付待ち",
    "review": "審査中",
    "fix": "補正待ち",
    "wait": "支払い・来庁待ち",
    "ok": "許可・完了",
    "no": "却下・取下げ",
}
"""What each is called; the source of its translations."""

STATUS_COLOURS: Mapping[Status, str] = {
    "new": "#264af4",
    "review": "#006f83",
    "fix": "#c74700",
    "wait": "#c74700",
    "ok": "#197a4b",
    "no": "#666666",
}
"""The colour of each on paper, where no style sheet reaches: that of static/css/tokens.css."""

"""The desk: its list and its table under each filter, in each order, searched; and the question whether there is news."""

from collections.abc import Callable
from urllib.parse import quote

from sqlalchemy import text

from tests.bench.client import Ask
from tests.bench.ground import CITY
from tests.bench.page import Page

EVERY_STATUS = "&".join(f"status={status}" for status in ("new", "review", "fix", "wait", "ok", "no"))
NEWS = 200
"""Events since a list was shown: what happens in a large city hall within some minutes."""


def desk_pages(staff: str, csrf: Callable[[str, str], str]) -> list[Page]:
    """Open cases by their deadline, every case from the newest on: each narrowed, ordered, searched and half way down."""
    open_half, every_half, colleague, since, case = _ground()
    every = f"/desk?{EVERY_STATUS}"
    filters = {
        "of a colleague": f"assignee={colleague}",
        "not paid": "money=unpaid",
        "paid": "money=paid",
        "whose answer is late": "correction=late",
        "that came by post": "channel=post",
        "on the ground of others": "conflict=1",
        "by a rare answer": "procedure=road-damage&answer=road-damage:defect:other",
    }
    searches = {
        "by name": "佐藤 健太",
        "by a word of answers": "街灯が傾いて",
        "by a frequent word": "道路",
        "by the last digits of its number": "391",
        "by the end of a telephone number": "7919",
        "by the beginning of its number": "立-1128",
    }
    orders = {
        "by number": "number",
        "by state": "state",
        "by assignee": "assignee",
        "by fee": "money",
        "neighbours together": "place",
    }
    paths = {
        "open cases": "/desk",
        "open cases, half way down": f"/desk?after={open_half}",
        "open cases as a table": "/desk?layout=table",
        "every case": every,
        "every case, half way down": f"{every}&order=new&after={every_half}",
        "every case as a table": f"{every}&layout=table",
        "every case by number": f"{every}&order=number",
        **{f"open cases {name}": f"/desk?{query}" for name, query in filters.items()},
        **{f"every case {name}": f"{every}&{query}" for name, query in filters.items()},
        **{f"open cases {name}": f"/desk?order={order}" for name, order in orders.items()},
        **{f"every case, found {name}": f"{every}&q={quote(words)}" for name, words in searches.items()},
    }
    token = csrf("/desk", staff)
    form = {"csrf_token": token, "since": str(since), "case": str(case), "writing": "0"}
    return [
        *(Page(f"Desk: {name}", lambda _n, path=path: Ask(path, staff)) for name, path in paths.items()),
        Page("Desk: whether there is news", lambda _n: Ask("/desk/news", staff, form)),
    ]


def _ground() -> tuple[str, str, int, int, int]:
    """Marks half way down both lists, a colleague with cases, the event from which on there is news, and an open case."""
    from portal.core.database import city_session
    from portal.desk.listing import mark_after

    half = "FROM case_file WHERE {which} ORDER BY {order} LIMIT 1 OFFSET (SELECT count(*) / 2 FROM case_file WHERE {which})"
    with city_session(CITY) as session:
        due = session.execute(
            text("SELECT due_on, id " + half.format(which="closed_at IS NULL", order="due_on, id"))
        ).one()
        new = session.execute(
            text("SELECT submitted_at, id " + half.format(which="true", order="submitted_at DESC, id DESC"))
        ).one()
        colleague = session.scalars(
            text("SELECT assignee_id FROM case_file WHERE assignee_id IS NOT NULL ORDER BY id LIMIT 1")
        ).one()
        newest = session.scalars(text("SELECT max(id) FROM event")).one()
    return mark_after(*due), mark_after(*new), colleague, newest - NEWS, due.id

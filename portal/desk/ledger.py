"""The books for the accounts department: a day or a month by department, procedure, method or code, what is open, and files of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import get_args

from flask import Blueprint, Response, render_template, request

from portal import ledger, procedures
from portal.cases.queries import case_labels_of
from portal.core.access import allow, right, staff_member
from portal.core.clock import today
from portal.core.events import Actor
from portal.core.text import _
from portal.core.web import db
from portal.desk import ledger_words as words
from portal.desk.ledger_forms import day_of
from portal.desk.viewing import record_list

bp = Blueprint("desk_ledger", __name__, url_prefix="/desk/ledger")
SHOWN_TRANSACTIONS = 100


@dataclass(frozen=True)
class Period:
    """The day or month that a page shows."""

    begin: date
    end: date

    @property
    def is_month(self) -> bool:
        """Whether it is a whole month."""
        return self.begin != self.end

    @property
    def query(self) -> str:
        """As a page's address has it."""
        return f"month={self.begin:%Y-%m}" if self.is_month else f"day={self.begin}"

    @property
    def before(self) -> "Period":
        """The one before."""
        last = self.begin - timedelta(days=1)
        return month_of(last) if self.is_month else Period(last, last)

    @property
    def after(self) -> "Period | None":
        """The one after, unless it has not begun."""
        first = self.end + timedelta(days=1)
        if first > today():
            return None
        return month_of(first) if self.is_month else Period(first, first)


def month_of(day: date) -> Period:
    """The month of a day."""
    return Period(ledger.first_of_month(day), ledger.last_of_month(day))


def actor() -> Actor:
    """The accountant, as events name them."""
    staff = staff_member()
    return Actor("staff", staff.id, staff.name)


@bp.get("")
@allow(right("ledger.see"))
def overview() -> str:
    """What moved on a day or in a month, and what is to be done before it is closed."""
    period, by = _period(), _grouping()
    departments, titles = words.department_names(db()), procedures.procedure_titles(db())
    lines = ledger.report(db(), period.begin, period.end, by)
    balances = ledger.balances(db(), min(period.end, today()))
    return render_template(
        "desk/ledger.html",
        period=period,
        by=by,
        groupings=words.GROUPINGS,
        rows=[(words.line_name(by, line.key, departments, titles), line) for line in lines],
        total=ledger.total_of(lines),
        balances=[(account.title, balances[name]) for name, account in ledger.ACCOUNTS.items() if balances[name]],
        transactions=_transactions(period) if not period.is_month else [],
        most=SHOWN_TRANSACTIONS,
        closing=ledger.closing_of(db(), "month" if period.is_month else "day", period.begin),
        uncoded=ledger.uncoded(db(), period.begin, period.end),
        differences=len(ledger.open_differences(db())),
        last_run=ledger.last_run(db()),
        titles=titles,
        departments=departments,
        kinds=words.KINDS,
        method_words=words.method_words,
        accounts=ledger.ACCOUNTS,
    )


@bp.get("/open-items")
@allow(right("ledger.see"))
def open_items() -> str:
    """What has not come to zero: by age, and the oldest items of one account with their cases."""
    account = request.args.get("account", "")
    account = account if account in ledger.OPEN_ITEMS else ledger.OPEN_ITEMS[0]
    items = ledger.open_items(db(), account)
    rendered = render_template(
        "desk/ledger_open.html",
        groups=ledger.open_items_by_age(db(), today()),
        account=account,
        accounts=ledger.ACCOUNTS,
        open_accounts=ledger.OPEN_ITEMS,
        items=items,
        labels=case_labels_of(db(), {item.case_id for item in items if item.case_id}),
        departments=words.department_names(db()),
        titles=procedures.procedure_titles(db()),
    )
    record_list(db(), staff_member(), f"ledger open {account}", len(items))
    return rendered


@bp.get("/export.csv")
@allow(right("ledger.export"))
def export() -> Response:
    """A file for the city's accounting; each one is an event."""
    period = _period()
    what, encoding = request.args.get("what", "codes"), request.args.get("encoding", "cp932")
    departments = words.department_names(db())
    content = ledger.export_csv(
        db(),
        what,
        period.begin,
        period.end,
        encoding,
        actor(),
        department=lambda department_id: departments.get(department_id, ""),
    )
    charset = "shift_jis" if encoding == "cp932" else "utf-8"
    response = Response(content, mimetype=f"text/csv; charset={charset}")
    name = f"{period.begin:%Y-%m}" if period.is_month else f"{period.begin}"
    response.headers["Content-Disposition"] = f'attachment; filename="ledger-{what}-{name}.csv"'
    return response


def _transactions(period: Period) -> list[list[ledger.JournalLine]]:
    """The first transactions of a day, each as its postings."""
    grouped: dict[int, list[ledger.JournalLine]] = {}
    for line in ledger.journal(db(), period.begin, period.end, limit=SHOWN_TRANSACTIONS):
        grouped.setdefault(line.transaction_id, []).append(line)
    return list(grouped.values())


def _period() -> Period:
    """The day or month in the query string; today when it is neither."""
    month = day_of(f"{request.args.get('month', '')}-01")
    if month is not None:
        return month_of(month)
    day = day_of(request.args.get("day", "")) or today()
    return Period(day, day)


def _grouping() -> ledger.Grouping:
    chosen = request.args.get("by", "")
    return next((name for name in get_args(ledger.Grouping) if name == chosen), "procedure")


TABS = (
    ("", "帳簿"),
    ("/open-items", "未済"),
    ("/closings", "締め"),
    ("/codes", "款項目節"),
    ("/differences", "突合"),
    ("/bank", "銀行の明細"),
    ("/slips", "納付書"),
)
"""The pages of the books, in the order of the day's work."""


@bp.app_context_processor
def _tabs() -> dict[str, object]:
    return {"ledger_tabs": [(f"/desk/ledger{path}", _(title)) for path, title in TABS]}

"""Files of banks about paid slips (納付書): looked at, taken in, and what is left to find out."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import slips
from portal.cases.queries import case_labels_of
from portal.core.access import allow, right, staff_member
from portal.core.errors import Conflict, Invalid, Unavailable
from portal.core.tenancy import current_city
from portal.core.web import commit_before_call, db
from portal.desk.ledger import actor
from portal.desk.ledger_forms import AssignmentForm, SlipColumnsForm, SlipFileForm
from portal.desk.rejected_action import RejectedAction, form_of, try_action
from portal.desk.viewing import record_list

bp = Blueprint("desk_ledger_slips", __name__, url_prefix="/desk/ledger/slips")
SHOWN_LINES = 200
CONFLICT = 409
OUTCOMES = {
    "matches": ("料金と合っています", "取り込むと、支払い済みになります。"),
    "in_basket": ("ほかの料金とまとめられています", "取り込むと、まとめた中から取り出して、支払い済みにします。"),
    "amount": ("金額がちがいます", "取り込むと、「確認が必要な支払い」に出ます。担当課が決めます。"),
    "paid": ("もう支払われています", "取り込むと、還付を待つお金になります。窓口で返せます。"),
    "canceled": ("料金が取り消されています", "取り込むと、「確認が必要な支払い」に出ます。担当課が決めます。"),
    "unknown": (
        "納付番号の料金がありません",
        "取り込むと、預り金になります。番号が分かったら、下の一覧で当ててください。",
    ),
    "failed": ("支払われていません", "取り込んでも、料金は未払いのままです。"),
    "known": ("前に取り込んだ行です", "もう一度は取り込みません。"),
}
"""What a line is, and what happens to it."""


@bp.get("")
@allow(right("ledger.see"))
def files() -> str:
    """The files that were taken in, what is left of them to find out, and a place for the next."""
    return _files()


@bp.post("")
@allow(right("ledger.close"))
def add() -> ResponseReturnValue:
    """Keep a file to look at."""
    form = SlipFileForm()
    added: list[slips.SlipFile] = []

    def act() -> None:
        content = form.file.data.read() if form.file.data else b""
        added.append(slips.add_file(db(), content, actor()))

    rejected = try_action(db(), "file", act, form)
    if rejected:
        return _files(rejected), rejected.status
    return redirect(url_for("desk_ledger_slips.file", slip_file_id=added[0].id), 303)


@bp.get("/<int:slip_file_id>")
@allow(right("ledger.see"))
def file(slip_file_id: int) -> str:
    """What a file holds and what becomes of each line, before it is taken in."""
    return _file(slip_file_id, SlipColumnsForm(formdata=None))


@bp.post("/<int:slip_file_id>")
@allow(right("ledger.close"))
def take(slip_file_id: int) -> ResponseReturnValue:
    """Say what its headings mean, take its lines in, or forget it."""
    form = SlipColumnsForm()
    if form.act.data == "drop":
        slips.drop_file(db(), slip_file_id)
    elif form.act.data == "take":
        rejected = try_action(db(), "take", lambda: slips.take_file(db(), slip_file_id, actor()), form)
        if rejected and rejected.status == CONFLICT:
            return _files(rejected), rejected.status
        if rejected:
            return _file(slip_file_id, form, rejected.message), rejected.status
    else:
        return _file(slip_file_id, form)
    return redirect(url_for("desk_ledger_slips.files"), 303)


@bp.post("/lines/<int:line_id>")
@allow(right("ledger.close"))
def assign(line_id: int) -> ResponseReturnValue:
    """Let money that is held pay the fee of a slip whose number was found out."""
    form = AssignmentForm()
    commit_before_call()
    try:
        slips.assign_line(current_city().key, line_id, form.reference.data, actor())
    except (Invalid, Conflict, Unavailable) as fault:
        if isinstance(fault, Invalid):
            form.show(fault)
        status = 422 if isinstance(fault, Invalid) else CONFLICT if isinstance(fault, Conflict) else 503
        rejected = RejectedAction(f"line-{line_id}", fault.message, status, posted=form)
        return _files(rejected), rejected.status
    return redirect(url_for("desk_ledger_slips.files"), 303)


def _files(rejected: RejectedAction | None = None) -> str:
    return render_template(
        "desk/ledger_slips.html",
        files=slips.taken_files(db()),
        lines=slips.open_lines(db()),
        form=form_of(rejected, "file", SlipFileForm),
        assignment=lambda line: form_of(rejected, f"line-{line.id}", AssignmentForm),
        rejected=rejected,
    )


def _file(file_id: int, form: SlipColumnsForm, message: str = "") -> str:
    look = slips.preview(db(), file_id, form.columns)
    shown = sorted(look.matches, key=lambda match: match.outcome in {"matches", "known"})[:SHOWN_LINES]
    case_ids = {match.payment.case_id for match in shown if match.payment}
    rendered = render_template(
        "desk/ledger_slip_file.html",
        look=look,
        shown=shown,
        labels=case_labels_of(db(), case_ids),
        outcomes=OUTCOMES,
        form=form,
        message=message,
        columns=[form[name] for name in slips.COLUMNS],
    )
    record_list(db(), staff_member(), "slip file", len(look.matches))
    return rendered

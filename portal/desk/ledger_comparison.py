"""What differs between the books, the provider and the bank, and the bank's statements that are compared."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import ledger
from portal.cases.queries import case_labels_of
from portal.core.access import allow, right, staff_member
from portal.core.errors import Invalid
from portal.core.text import _
from portal.core.web import db
from portal.desk import ledger_words as words
from portal.desk.ledger import actor
from portal.desk.ledger_forms import ColumnsForm, DifferenceForm, StatementForm
from portal.desk.rejected_action import RejectedAction, try_action
from portal.desk.viewing import record_list

bp = Blueprint("desk_ledger_comparison", __name__, url_prefix="/desk/ledger")
SHOWN_LINES = 50


@bp.get("/differences")
@allow(right("ledger.see"))
def differences() -> str:
    """What is open, and what was explained."""
    return _differences()


@bp.post("/differences/<int:difference_id>")
@allow(right("ledger.close"))
def explain(difference_id: int) -> ResponseReturnValue:
    """Say why a difference is right as it is."""
    form = DifferenceForm()
    rejected = try_action(
        db(),
        f"difference-{difference_id}",
        lambda: ledger.explain_difference(db(), difference_id, form.explanation.data, actor()),
        form,
    )
    if rejected:
        return _differences(rejected), rejected.status
    return redirect(url_for("desk_ledger_comparison.differences"), 303)


def _differences(rejected: RejectedAction | None = None) -> str:
    rows, explained = ledger.open_differences(db()), ledger.explained_differences(db())
    case_ids = {int(case_id) for row in [*rows, *explained] for case_id in row.case_ids}
    line_ids = [int(row.reference[5:]) for row in [*rows, *explained] if row.reference.startswith("line:")]
    rendered = render_template(
        "desk/ledger_differences.html",
        rows=rows,
        explained=explained,
        labels=case_labels_of(db(), case_ids),
        bank_lines=ledger.bank_lines(db(), line_ids),
        kinds=words.DIFFERENCES,
        form=DifferenceForm(formdata=None),
        rejected=rejected,
        last_run=ledger.last_run(db()),
    )
    record_list(db(), staff_member(), "ledger differences", len(rows) + len(explained))
    return rendered


@bp.get("/bank")
@allow(right("ledger.see"))
def bank() -> str:
    """The statements that were taken in, and a place for the next."""
    return _bank()


@bp.post("/bank")
@allow(right("ledger.close"))
def add() -> ResponseReturnValue:
    """Keep a statement to look at."""
    form = StatementForm()
    added: list[ledger.BankStatement] = []

    def act() -> None:
        content = form.file.data.read() if form.file.data else b""
        added.append(ledger.add_statement(db(), content, form.account.data, actor()))

    rejected = try_action(db(), "statement", act, form)
    if rejected:
        return _bank(form), rejected.status
    return redirect(url_for("desk_ledger_comparison.statement", statement_id=added[0].id), 303)


def _bank(form: StatementForm | None = None) -> str:
    return render_template(
        "desk/ledger_bank.html", form=form or StatementForm(formdata=None), statements=ledger.taken_statements(db())
    )


@bp.get("/bank/<int:statement_id>")
@allow(right("ledger.close"))
def statement(statement_id: int) -> str:
    """What taking a statement in would do."""
    return _statement(statement_id, ColumnsForm(formdata=None))


@bp.post("/bank/<int:statement_id>")
@allow(right("ledger.close"))
def take(statement_id: int) -> ResponseReturnValue:
    """Look again with named columns, take the lines in, or forget the file."""
    form = ColumnsForm()
    if form.act.data == "look":
        return _statement(statement_id, form)
    if form.act.data == "drop":
        ledger.drop_statement(db(), statement_id)
        return redirect(url_for("desk_ledger_comparison.bank"), 303)

    def act() -> None:
        if form.act.data != "take":
            raise Invalid(_("どちらか1つを選んでください。"))
        ledger.take_statement(db(), statement_id, actor())

    rejected = try_action(db(), "take", act, form)
    if rejected:
        return _statement(statement_id, form, rejected.message), rejected.status
    return redirect(url_for("desk_ledger_comparison.bank"), 303)


def _statement(statement_id: int, form: ColumnsForm, message: str = "") -> str:
    look = ledger.preview(db(), statement_id, form.columns)
    rendered = render_template(
        "desk/ledger_bank_file.html", look=look, lines=look.lines[:SHOWN_LINES], form=form, message=message
    )
    record_list(db(), staff_member(), "ledger bank statement", len(look.lines))
    return rendered

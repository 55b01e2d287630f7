"""Lotteries at the desk: those that wait for their draw, and those that were drawn."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import bookings
from portal.cases.lotteries import draw_lottery, open_lotteries
from portal.core.access import allow, right, staff_member
from portal.core.errors import NotFound
from portal.core.web import db
from portal.desk.forms import DrawForm
from portal.procedures import offers

bp = Blueprint("desk_lotteries", __name__, url_prefix="/desk/lotteries")


@bp.get("")
@allow(right("case.see"))
def lotteries() -> str:
    """The lotteries of the departments of this member of staff."""
    staff = staff_member()
    departments = staff.departments("case.see")
    titles = {offer.key: offer.definition.title.ja for offer in offers(db()) if offer.department_id in departments}
    return render_template(
        "desk/lotteries.html",
        waiting=[lottery for lottery in open_lotteries(db()) if lottery.department_id in departments],
        drawn=bookings.draws(db(), titles),
        titles=titles,
        may_draw=staff.departments("lottery.draw"),
    )


@bp.post("/draw")
@allow(right("lottery.draw"))
def draw() -> ResponseReturnValue:
    """Draw one; it cannot be done twice."""
    form, staff = DrawForm(), staff_member()
    name = (form.procedure.data, form.rule.data, form.edition.data)
    for lottery in open_lotteries(db()):
        if (lottery.procedure_key, lottery.rule, lottery.edition) == name:
            if lottery.department_id not in staff.departments("lottery.draw"):
                raise NotFound
            drawn = draw_lottery(db(), lottery, staff)
            return redirect(url_for("residents.lottery", number=drawn.id), 303)
    return redirect(url_for("desk_lotteries.lotteries"), 303)

"""Pages that explain: how to ask, accessibility, what happens to personal data."""

from flask import render_template

from portal.cases import ACCOUNT_KEPT
from portal.core.access import PUBLIC, allow
from portal.core.city_days import hours_in_words
from portal.core.clock import now
from portal.core.tenancy import current_city
from portal.core.web import db
from portal.identity import list_departments
from portal.residents import office_hours
from portal.residents.blueprint import bp


@bp.get("/help")
@allow(PUBLIC)
def help_page() -> str:
    """How to use the portal, and whom to ask."""
    moment = now()
    return render_template(
        "residents/help.html",
        departments=list_departments(db()),
        open_until=office_hours.open_until(moment, current_city().hours),
        opens_next=office_hours.opens_next(moment, current_city().hours),
        closed_days=office_hours.closed_soon(moment, current_city()),
        windows=[(entry.window, hours_in_words(entry.hours)) for entry in current_city().window_hours],
    )


@bp.get("/accessibility")
@allow(PUBLIC)
def accessibility() -> str:
    """What is done so that everybody can use the pages, and what is not done yet."""
    return render_template("residents/accessibility.html")


@bp.get("/privacy")
@allow(PUBLIC)
def privacy() -> str:
    """What is kept, how long, and who sees it."""
    return render_template("residents/privacy.html", account_days=ACCOUNT_KEPT.days)

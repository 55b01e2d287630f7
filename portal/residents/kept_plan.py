"""The plan of this visit where an account keeps it: every answer changes the kept one too."""

from portal import routing
from portal.core.access import current_account
from portal.core.web import db
from portal.residents import plan_visit


def keep_up_to_date() -> bool:
    """Write the plan of this visit to where its account keeps it; whether one does."""
    account, number = current_account(), plan_visit.kept()
    if account is None or number is None:
        return False
    if routing.change_plan(db(), account.id, number, plan_visit.content()):
        return True
    plan_visit.mark_kept(None)
    return False

"""The blueprint that all pages of publishing share, and the rights they ask for."""

from flask import Blueprint

from portal.core.access import right

bp = Blueprint("publishing", __name__, url_prefix="/desk/procedures")

EDIT = right("procedure.edit")
PUBLISH = right("procedure.publish")

"""Whoever keeps a layer answers what applicants say against it: with a newer version, or with a reason."""

from sqlalchemy.orm import Session

from geo.layers import layer_version
from portal.cases.events import of_case
from portal.cases.map_objection_models import MapObjection
from portal.cases.map_objections import words_of
from portal.cases.models import Case
from portal.cases.notices import notify
from portal.core.clock import now
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor, record
from portal.core.locking import lock_row

MAX_REASON = 1000


def answer_objection(session: Session, layer: str, objection_id: int, outcome: str, reason: str, actor: Actor) -> None:
    """Answer: `edited` after the layer was corrected, or `kept` with a reason; the applicant is told by mail and reads it with the case.

    Raises NotFound, Conflict where it is answered already or the layer has no newer version, Invalid (field `reason`).
    """
    objection = lock_row(session, MapObjection, MapObjection.id == objection_id, MapObjection.layer == layer)
    if objection is None:
        raise NotFound
    if objection.outcome is not None:
        raise Conflict("この申し出には、もう答えてあります。")
    if outcome not in ("edited", "kept"):
        raise Invalid("どちらか1つを選んでください。", {"outcome": "どちらか1つを選んでください。"})
    version = layer_version(session, layer)
    if outcome == "edited" and (version or 0) <= (objection.finding["layer_version"] or 0):
        raise Conflict(
            "この層は、申し出のあとで新しい版になっていません。直してから答えるか、直さない理由を書いてください。"
        )
    objection.reason = (
        words_of(reason, "reason", MAX_REASON, missing="理由を書いてください。")
        if reason.strip() or outcome == "kept"
        else None
    )
    objection.outcome, objection.layer_version = outcome, version
    objection.answered_at, objection.answered_by = now(), actor.id
    case = session.get_one(Case, objection.case_id)
    data = {"objection_id": objection.id, "layer": layer, "version": version, "outcome": outcome}
    record(session, of_case(case.id), "case.map_answered", actor, **data)
    notify(session, case, "map_answered", edited=outcome == "edited")

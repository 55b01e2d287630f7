"""What follows from the answers of a case that was sent, worked out again."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from forms import Definition, Evaluation, evaluate
from portal.cases.answers import open_answers
from portal.cases.feature_options import CityFeatures
from portal.cases.models import Case
from portal.core import tenancy
from portal.core.database import city_of


def outcome_of(
    session: Session,
    case: Case,
    definition: Definition,
    answers: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Evaluation:
    """What follows as of the day of submission, from the case's own answers and facts or from others in their place.

    Features of a layer that the case names stay options, although the layer lost them since.
    """
    city = city_of(session)
    kept = open_answers(city, case.answers)
    return evaluate(
        definition,
        kept if answers is None else answers,
        case.facts if facts is None else facts,
        today=case.submitted_on,
        language=case.language,
        city=tenancy.city(city),
        features=CityFeatures(session, kept=kept),
    )

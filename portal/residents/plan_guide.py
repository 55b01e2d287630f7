"""The plan of a visit with what leads it on: the router of the city, what it offers, and the window by which the person came."""

from dataclasses import dataclass

from forms.catalogue.windows import Window
from forms.routing import Plan, Question, Router
from portal.core.clock import today
from portal.core.web import db
from portal.procedures import Offer, window_of
from portal.residents import plan_visit
from portal.residents.plan_router import procedures_behind, router_of
from portal.residents.plan_visit import PlanVisit


@dataclass(frozen=True)
class Guide:
    """A visit with what leads it on."""

    visit: PlanVisit
    router: Router
    offered: list[Offer]
    event: Window
    among: frozenset[str]

    def question(self) -> Question | None:
        """What to ask next."""
        return self.router.next_question(self.visit.facts, today=today(), among=self.among)

    def plan(self) -> Plan:
        """The plan as far as it is known."""
        return self.router.plan(self.visit.facts, today=today(), among=self.among)


def guide() -> Guide:
    """The plan of this visit with the router of the city. Raises NotFound."""
    router, _offered = router_of(db())
    return guide_for(plan_visit.current(router.facts))


def guide_for(visit: PlanVisit) -> Guide:
    """Any plan with the router of the city, a kept one too. Raises NotFound for a window that is no more."""
    router, offered = router_of(db())
    event = window_of(db(), visit.event)
    return Guide(visit, router, offered, event, procedures_behind(event, offered))

"""The plan: what to do, where, until when and why; for the screen, for paper and for a calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import token_urlsafe

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from forms.definition.procedure import REMOTE
from forms.routing import Entry, Facts, KnownFact, answer_in_words, label_of, reason_in_words
from forms.routing.reasons import late_advice
from geo.catalogue import entry_of
from portal import routing
from portal.cases import acceptance_now, handing_over
from portal.cases.bundles import may_join, opened_after
from portal.core.access import PUBLIC, allow
from portal.core.clock import today
from portal.core.tenancy import current_city
from portal.core.text import _, current_language, listed, pick
from portal.core.web import db
from portal.identity import Department, departments_by_key
from portal.maps import base_map_options
from portal.residents import calendar_file, plan_visit, visitor_access
from portal.residents.blueprint import bp
from portal.residents.definition_texts import fixed_fee, words
from portal.residents.kept_words import label_of_item
from portal.residents.layer_words import facts_in_layer_words
from portal.residents.plan_guide import Guide, guide
from portal.residents.plan_map import as_features, stops
from portal.residents.plan_question import source_in_words

_ELSEWHERE = ("remote", "elsewhere")


@dataclass(frozen=True)
class MapSource:
    """A layer of the map that answered something, by its title, and the department to tell that it is wrong."""

    layer: str
    keeper: Department | None


@dataclass(frozen=True)
class PlannedProcedure:
    """One entry as the page shows it. `department`: who takes it in the city; none where another body does. `days_left` is negative when the
    last day has passed. `shown`: facts by what they are called; `sources`: the layers of the map from which they are.
    """

    entry: Entry
    department: Department | None
    reason: str
    days_left: int | None
    late: str
    fee: int | None
    shown: list[tuple[str, str]]
    sources: list["MapSource"]

    @property
    def where(self) -> str:
        """online | visit | remote (by telephone, on the web of another body, by post) | elsewhere."""
        way = self.entry.definition.way
        return "remote" if way in REMOTE else way

    @property
    def may_join(self) -> bool:
        """Whether it can be applied for together with others, now."""
        return may_join(self.entry.definition) and not acceptance_now(self.entry.definition).is_over


@dataclass(frozen=True)
class PlanExtras:
    """How a plan is shown besides: with a new link to it, or read by `token` until a moment; with what was `chosen` to apply for together,
    and the `fault` of that choice.
    """

    chosen: frozenset[str] | None = None
    fault: str = ""
    link: str = ""
    mail: str = ""
    token: str = ""
    until: datetime | None = None


@bp.get("/plan")
@allow(PUBLIC)
def plan() -> str:
    """The plan as far as the answers go, and what was answered."""
    return show(guide(), PlanExtras())


def show(guided: Guide, extras: PlanExtras) -> str:
    """The page of a plan."""
    planned = _planned(guided)
    due = [each.entry.due.day for each in planned if each.entry.due and (each.days_left or 0) >= 0]
    fees = [each.fee for each in planned if each.entry.status == "needed"]
    joining = {each.entry.key: each for each in planned if each.may_join} if not extras.token else {}
    begun = visitor_access.begun_bundles(db()) if joining else []
    chosen = {key for key, each in joining.items() if each.entry.status == "needed"}
    places = stops(
        db(),
        current_city(),
        [(each.entry.definition, each.department) for each in planned if each.where in ("visit", "elsewhere")],
    )
    return render_template(
        "residents/plan.html",
        event=guided.event,
        groups=_groups(planned),
        planned=planned,
        needed=sum(each.entry.status == "needed" for each in planned),
        overdue=sum((each.days_left or 0) < 0 for each in planned),
        has_deadlines=any(each.entry.due for each in planned),
        first_due=min(due, default=None),
        first_due_in=min(((day - today()).days for day in due), default=0),
        visits=int(any(each.where == "visit" for each in planned)),
        elsewhere=sum(each.where == "elsewhere" for each in planned),
        total=sum(fee for fee in fees if fee is not None),
        total_is_certain=None not in fees,
        joining=joining,
        begun=[
            (each.public_id, listed(words(joining[key].entry.definition.title) for key in joining if key in each.keys))
            for each in begun
            if each.keys <= joining.keys()
        ],
        press=token_urlsafe(16),
        chosen=chosen if extras.chosen is None else extras.chosen,
        waits_for={
            each.entry.key: listed(
                words(joining[key].entry.definition.title)
                for key in opened_after(each.entry.definition)
                if key in joining
            )
            for each in planned
        },
        extras=extras,
        has_links=_has_links(),
        kept_until=_kept_until() if not extras.token else None,
        open_question=not extras.token and guided.question() is not None,
        answers=_answers(guided),
        stops=places,
        stops_on_map=as_features(places),
        base=base_map_options(current_city(), zoom=14) if places else None,
        vanished=guided.visit.vanished,
        offices=lambda definition: definition.offices_in(current_city().key),
        ahead={each.entry.key: _ahead(each) for each in planned},
    )


def _groups(planned: list[PlannedProcedure]) -> list[tuple[str, list[PlannedProcedure]]]:
    """What to do, by where it is done. What another body has to be told before something of the city can be done stands first, then what
    the city hall has to be told before anything that waits for it is due (死亡届); neither waits for anything of the plan itself.
    """
    first = [each for each in planned if each.where in _ELSEWHERE and _opens_the_city(each, planned)]
    at_once = [each for each in planned if each.where == "visit" and _is_due_before_followers(each, planned)]
    rest = [each for each in planned if each not in first and each not in at_once]
    return [
        (_("はじめに、ほかの機関ですること"), first),
        (_("はじめに、市役所ですること"), at_once),
        (_("オンラインで、いまできること"), [each for each in rest if each.where == "online"]),
        (_("市役所で、一度にすること"), [each for each in rest if each.where == "visit"]),
        (_("電話やインターネット、郵送ですること"), [each for each in rest if each.where == "remote"]),
        (_("ほかの機関ですること"), [each for each in rest if each.where == "elsewhere"]),
    ]


def _followers(awaited: PlannedProcedure, planned: list[PlannedProcedure]) -> list[PlannedProcedure]:
    """What of the plan waits for a procedure."""
    return [
        each for each in planned if (routing := each.entry.definition.routing) and awaited.entry.key in routing.after
    ]


def _waits(each: PlannedProcedure, planned: list[PlannedProcedure]) -> bool:
    """Whether something else of the plan is done before a procedure."""
    routing = each.entry.definition.routing
    return routing is not None and any(other.entry.key in routing.after for other in planned)


def _opens_the_city(awaited: PlannedProcedure, planned: list[PlannedProcedure]) -> bool:
    return not _waits(awaited, planned) and any(each.where not in _ELSEWHERE for each in _followers(awaited, planned))


def _is_due_before_followers(awaited: PlannedProcedure, planned: list[PlannedProcedure]) -> bool:
    followers = _followers(awaited, planned)
    due = awaited.entry.due
    return bool(followers and due and not _waits(awaited, planned)) and all(
        each.entry.due is None or (due is not None and due.day < each.entry.due.day) for each in followers
    )


def _ahead(planned: PlannedProcedure) -> list[dict[str, str]]:
    """The other cities in which the resident may go on with what is answered here, and what would cross."""
    return [
        {
            "cities": listed(city.in_words for city in way.cities),
            "title": words(way.offer.definition.title),
            "items": listed(label_of_item(db(), item) for item in way.items),
        }
        for way in handing_over.ways_on(planned.entry.definition, current_city().key)
    ]


def _has_links() -> bool:
    account_id = visitor_access.account_id()
    return bool(plan_visit.links()) or (account_id is not None and routing.has_links(db(), account_id))


def _kept_until() -> date | None:
    """Until when the account of this visit keeps the plan; None where it does not."""
    account_id, number = visitor_access.account_id(), plan_visit.kept()
    if account_id is None or number is None:
        return None
    plans = routing.plans_of_account(db(), account_id)
    return next((plan.expires_at.date() for plan in plans if plan.number == number), None)


@bp.get("/plan/calendar")
@allow(PUBLIC)
def plan_calendar() -> Response:
    """The last days of the plan as an iCalendar file, each with a reminder three days before."""
    host = current_city().origin.split("://", 1)[-1]
    return calendar_file.calendar(
        "plan",
        (
            calendar_file.day_event(
                f"{each.entry.key}-{each.entry.due.day:%Y%m%d}@{host}",
                each.entry.due.day,
                _("{title}の期限({city})", title=words(each.entry.definition.title), city=current_city().in_words),
                each.reason,
                reminder=timedelta(days=3),
            )
            for each in _planned(guide())
            if each.entry.due is not None
        ),
    )


@bp.post("/plan/forget")
@allow(PUBLIC)
def forget_plan() -> Response:
    """Drop the answers of this visit."""
    plan_visit.forget()
    return redirect(url_for("residents.home"), 303)


def _planned(guided: Guide) -> list[PlannedProcedure]:
    departments = departments_by_key(db())
    facts = facts_in_layer_words(db(), guided.visit.facts, guided.router.facts)
    return [_shown(guided, entry, departments, facts) for entry in guided.plan().included]


def _shown(guided: Guide, entry: Entry, departments: dict[str, Department], facts: Facts) -> PlannedProcedure:
    language, vocabulary = current_language(), guided.router.facts
    left = entry.due.days_left(today()) if entry.due else None
    department = departments.get(entry.definition.department) if entry.definition.kind != "elsewhere" else None
    return PlannedProcedure(
        entry,
        department,
        reason_in_words(entry, facts, vocabulary, language),
        left,
        late_advice(entry.due, entry.definition.way, language) if entry.due and left is not None and left < 0 else "",
        fixed_fee(entry.definition),
        [
            (label_of(vocabulary[name], language), answer_in_words(vocabulary[name], facts[name].value, language))
            for name in entry.shown
        ],
        _sources(departments, [facts[name] for name in entry.shown], department),
    )


def _sources(
    departments: dict[str, Department], shown: Sequence[KnownFact], otherwise: Department | None
) -> list[MapSource]:
    """The layers from which facts are, each once; `otherwise` takes in what is wrong with a layer of the whole city."""
    layers = dict.fromkeys(known.detail for known in shown if known.source == "map")
    entries = [entry for layer in layers if (entry := entry_of(db(), layer)) is not None]
    return [MapSource(pick(entry.title), departments.get(entry.owner or "", otherwise)) for entry in entries]


def _answers(guided: Guide) -> list[dict[str, str]]:
    """What the plan rests on: each fact with its answer, where it is known from, and the question to correct it."""
    language, vocabulary = current_language(), guided.router.facts
    return [
        {
            "label": label_of(vocabulary[name], language),
            "answer": answer_in_words(vocabulary[name], known.value, language),
            "source": source_in_words(known),
            "fact": name if vocabulary[name].question is not None else "",
        }
        for name, known in facts_in_layer_words(db(), guided.visit.facts, vocabulary).items()
        if name in guided.router.facts_of(guided.among)
        and (known.source != "entrance" or known.value is True)
        and guided.router.arises(name, guided.visit.facts, today=today())
    ]

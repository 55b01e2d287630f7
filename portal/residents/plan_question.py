"""Questions that lead to a plan: one page each, asked as long as an answer still changes something."""

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from forms.catalogue.vocabulary import Fact
from forms.routing import UNSURE, FactRefused, Facts, KnownFact, Question, fact_from_form, label_of
from forms.routing.answering import UNSURE_ANSWER
from forms.text.messages import message
from portal.core.access import PUBLIC, allow, current_account
from portal.core.clock import today
from portal.core.errors import NotFound
from portal.core.tenancy import current_city
from portal.core.text import _, current_language
from portal.core.web import db
from portal.maps import base_map_options
from portal.procedures import window_of
from portal.residents import plan_address, plan_places, plan_visit, visitor_access
from portal.residents.blueprint import bp
from portal.residents.kept_plan import keep_up_to_date
from portal.residents.plan_account import ACCOUNT_SOURCES, facts_of_account
from portal.residents.plan_address import Address
from portal.residents.plan_guide import Guide, guide
from portal.residents.plan_router import router_of

Answer = str | Response | tuple[str, int]


@bp.post("/plan/begin/<key>")
@allow(PUBLIC)
def begin_plan(key: str) -> Response:
    """Begin a plan by the window of a life event."""
    window = window_of(db(), key)
    router, _offered = router_of(db())
    account = current_account()
    known: dict[str, KnownFact] = {}
    if account is not None:
        known = facts_of_account(db(), account.id, visitor_access.cases(db()), router.facts)
    known |= {name: KnownFact(value, "entrance") for name, value in window.facts.items() if name in router.facts}
    plan_visit.begin(window.key, known)
    return redirect(url_for("residents.plan_question"), 303)


@bp.get("/plan/question")
@allow(PUBLIC)
def plan_question() -> Answer:
    """The next question, or the one of `fact` again; the plan when nothing is left to ask."""
    guided = guide()
    again = request.args.get("fact")
    if again is not None:
        return _page(guided, _asked_again(guided, again))
    question = guided.question()
    if question is None:
        return redirect(url_for("residents.plan"), 303)
    return _page(guided, question)


@bp.post("/plan/question")
@allow(PUBLIC)
def answer_plan_question() -> Answer:
    """Take the answers of one page, whichever tab sent it, and go on."""
    guided = guide()
    names = [name for name in request.form.getlist("fact") if name in guided.router.facts]
    if not names:
        raise NotFound(_("この質問は、いまはありません。計画のページから続けてください。"))
    question = Question(names[0], (), tuple(names))
    fact = guided.router.facts[names[0]]
    if len(names) > 1:
        answers: dict[str, KnownFact] = _ticked(names, request.form)
    elif fact.type == "place" and UNSURE_ANSWER not in request.form.getlist(names[0]):
        address = plan_address.posted(names[0], guided.router.facts)
        if not address.confirmed:
            return _page(guided, question, address=address), 422 if address.error else 200
        dropped = frozenset(plan_places.answered_at(names[0], guided.router.facts))
        plan_visit.answer(address.answers(names[0]), dropped=dropped)
        keep_up_to_date()
        return redirect(url_for("residents.plan_question"), 303)
    else:
        try:
            answers = {names[0]: fact_from_form(fact, _posted(names[0]), today())}
        except FactRefused as refused:
            error = message(refused.code, current_language(), **refused.values)
            return _page(guided, question, error=error), 422
    plan_visit.answer(answers)
    keep_up_to_date()
    return redirect(url_for("residents.plan_question"), 303)


def _posted(name: str) -> str:
    """What was typed or chosen. The button for 「わからない」 counts whatever else stands in the input of the same name."""
    return UNSURE_ANSWER if UNSURE_ANSWER in request.form.getlist(name) else request.form.get(name, "")


def _ticked(names: list[str], form: MultiDict[str, str]) -> dict[str, KnownFact]:
    """Of several facts on one page: what is ticked is so; the rest is not, or not known."""
    ticked = set(form.getlist("ticked"))
    rest = UNSURE if UNSURE_ANSWER in form.getlist("rest") else False
    return {name: KnownFact(True if name in ticked else rest) for name in names}


def _asked_again(guided: Guide, name: str) -> Question:
    """The question of a fact that was answered, with those of its page."""
    router, facts = guided.router, guided.visit.facts
    if name not in router.facts_of(guided.among) or router.facts[name].question is None:
        raise NotFound(_("この質問は、いまはありません。計画のページから続けてください。"))
    group = router.facts[name].asked_with
    together = [
        other
        for other, fact in router.facts.items()
        if other == name or (group and fact.asked_with == group and other in facts)
    ]
    return Question(name, (), tuple(together))


def _page(
    guided: Guide,
    question: Question,
    *,
    error: str = "",
    address: Address | None = None,
) -> str:
    language, router = current_language(), guided.router
    plan = guided.plan()
    titles = {offer.key: offer.definition.title for offer in guided.offered}
    open_at_first = router.plan(_of_entrance(guided.visit.facts), today=today(), among=guided.among).open
    fact = router.facts[question.fact]
    if fact.type == "place" and address is None:
        address = plan_address.answered(question.fact, guided.visit.facts, router.facts)
    return render_template(
        "residents/plan_question.html",
        event=guided.event,
        question=question,
        fact=fact,
        facts=router.facts,
        label=lambda name: label_of(router.facts[name], language),
        chosen=_typed(guided.visit.facts, question, fact),
        ticked=_before(guided.visit.facts, question),
        decides=[titles[key] for key in question.procedures if key in titles],
        included=plan.included,
        open=plan.open,
        settled=max(open_at_first - plan.open, 0),
        total=max(open_at_first, 1),
        of_account=[
            (name, label_of(router.facts[name], language), source_in_words(known))
            for name, known in guided.visit.facts.items()
            if known.source in ACCOUNT_SOURCES
            and name in router.facts_of(guided.among)
            and router.arises(name, guided.visit.facts, today=today())
        ],
        back=guided.visit.before(question.fact),
        vanished=guided.visit.vanished,
        error=error or (address.error if address else ""),
        address=address,
        map_facts=plan_address.facts_in_words(guided, address) if address else [],
        base=base_map_options(current_city(), zoom=14) if address else None,
    )


def source_in_words(known: KnownFact) -> str:
    """Where a fact is known from."""
    sources = {
        "resident": _("ご本人の答え"),
        "entrance": _("選んだ窓口"),
        "map": _("市の地図"),
        "profile": _("次の手続きのために残した内容"),
        "earlier_case": _("前の手続き"),
    }
    return sources[known.source]


def _of_entrance(facts: Facts) -> Facts:
    return {name: known for name, known in facts.items() if known.source in {"entrance", *ACCOUNT_SOURCES}}


def _typed(facts: Facts, question: Question, fact: Fact) -> str:
    """What stands in the input: what was posted, or what was answered before."""
    if request.method == "POST":
        return request.form.get(question.fact, "")
    known = facts.get(question.fact)
    value: Any = known.value if known else None
    if value is UNSURE:
        return UNSURE_ANSWER
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if fact.type == "date" and value is not None else value if isinstance(value, str) else ""


def _before(facts: Facts, question: Question) -> set[str]:
    return {name for name in question.together if name in facts and facts[name].value is True}

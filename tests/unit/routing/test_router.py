"""What is asked next, what a plan says, and why."""

from datetime import date, timedelta

import pytest

from forms import load
from forms.catalogue.vocabulary import procedure_files, shipped
from forms.definition.example import ExampleCity
from forms.definition.routing import Deadline
from forms.fields.base import ReadContext
from forms.routing import KnownFact, Router, order_cycle, reason_in_words, routing_diagnostics, vocabulary_faults
from forms.routing.checks import MAX_COMBINATIONS
from forms.routing.deadlines import due_on
from forms.routing.known_answers import answers_from_facts, begun_from_facts
from forms.routing.reasons import late_advice
from tests.kit.catalogue import loaded, shipped_source
from tests.unit.routing.making import FACTS, TODAY, known, routed, router, vocabulary

MOVE_IN = routed("move-in", applies_when="kind == 'in'", deadline={"days": 14, "after": "moved_on"})
MOVE_OUT = routed("move-out", applies_when="kind == 'out'")
DOG = routed("dog", applies_when="has_dog", after=("move-in",))


def test_the_question_that_settles_most_is_asked_by_what_its_answers_decide() -> None:
    """`moving` with no settles both moves, with yes neither: half of two. `has_dog` settles its one procedure always: a tie, and the first is asked."""
    both = router(MOVE_IN, MOVE_OUT, DOG)
    question = both.next_question({}, today=TODAY)
    assert question is not None
    assert (question.fact, question.procedures) == ("moving", ("move-in", "move-out"))
    asked_after = both.next_question(known(moving=True), today=TODAY)
    assert asked_after is not None
    assert asked_after.fact == "kind"


def test_a_question_whose_answer_changes_nothing_is_not_asked() -> None:
    tautology = router(
        routed("any", applies_when="has_dog || !has_dog"), routed("never", applies_when="moving && !moving")
    )
    assert tautology.next_question({}, today=TODAY) is None
    assert [entry.status for entry in tautology.plan({}, today=TODAY).entries] == ["needed", "not_for_you"]


def test_what_depends_on_another_fact_is_asked_only_when_it_arises() -> None:
    routes = router(routed("vaccination", applies_when="has_dog && dog_day < date('2027-01-01')"))
    assert routes.askable({}, today=TODAY) == ["has_dog"]
    assert routes.askable(known(has_dog=True), today=TODAY) == ["dog_day"]
    assert routes.plan(known(has_dog=False), today=TODAY).entry("vaccination").status == "not_for_you"


def test_not_knowing_is_an_answer_and_the_procedure_stays_to_be_confirmed() -> None:
    routes = router(DOG)
    unsure = known(has_dog=...)
    assert routes.next_question(unsure, today=TODAY) is None
    entry = routes.plan(unsure, today=TODAY).entry("dog")
    assert (entry.status, entry.included, entry.deciding) == ("to_confirm", True, ("has_dog",))
    assert reason_in_words(entry, unsure, routes.facts, "ja") == "has_dog？がわからないため"


def test_the_day_of_a_deadline_is_asked_when_the_procedure_is_certain() -> None:
    routes = router(MOVE_IN)
    facts = known(moving=True, kind="in")
    assert routes.askable(facts, today=TODAY) == ["moved_on"]
    entry = routes.plan({**facts, **known(moved_on=date(2027, 3, 28))}, today=TODAY).entry("move-in")
    assert entry.due is not None
    assert (entry.due.day, entry.due.days_left(TODAY)) == (date(2027, 4, 12), 13)  # 11 April is a Sunday


def test_a_deadline_that_passed_says_what_to_do() -> None:
    late = {"days": 1, "after": "moved_on", "if_late": {"ja": "すぐに来てください。"}}
    for rule, advice in ((late, "すぐに来てください。"), ({"days": 1, "after": "moved_on"}, "期限を過ぎています")):
        facts = known(moving=True, moved_on=date(2027, 1, 4))
        entry = router(routed("in", deadline=rule)).plan(facts, today=TODAY).entry("in")
        assert entry.due is not None
        assert entry.due.days_left(TODAY) < 0
        assert late_advice(entry.due, "visit", "ja").startswith(advice)


@pytest.mark.parametrize("key", ["water-service", "moving-in", "loud-works", "final-tax-return"])
def test_what_to_do_after_the_last_day_is_said_for_the_way_in_which_it_is_done(key: str) -> None:
    told = {
        "water-service": "電話",
        "moving-in": "窓口",
        "loud-works": "オンライン",
        "final-tax-return": "受け付けるところ",
    }
    definition = load(shipped_source(key))
    due = due_on(Deadline(days=1, after="moved_on"), date(2027, 1, 4))
    assert due is not None
    advice = late_advice(due, definition.way, "ja")
    assert [word for word in told.values() if word in advice] == [told[key]]


def test_the_first_special_deadline_that_holds_comes_before_the_usual_one() -> None:
    special = [{"months": 3, "after": "moved_on", "when": "has_dog"}]
    routes = router(routed("in", deadline={"days": 7, "after": "moved_on"}, special_deadlines=special))
    facts = known(moving=True, moved_on=date(2027, 4, 1))
    assert routes.askable(facts, today=TODAY) == ["has_dog"]
    for dog, day in ((True, date(2027, 7, 1)), (False, date(2027, 4, 8))):
        due = routes.plan({**facts, **known(has_dog=dog)}, today=TODAY).entry("in").due
        assert due is not None
        assert due.day == day


def test_the_calendar_decides_what_is_computed() -> None:
    routes = router(routed("notify", applies_when="moving && moved_in"))
    for moved_on, status in ((TODAY, "needed"), (TODAY + timedelta(days=1), "not_for_you")):
        assert routes.plan(known(moving=True, moved_on=moved_on), today=TODAY).entry("notify").status == status
    assert routes.plan(known(moving=False), today=TODAY).entry("notify").status == "not_for_you"


def test_a_map_answers_at_an_address_which_is_asked_in_its_stead() -> None:
    routes = router(
        routed("transfer", applies_when="kind == 'in'", show_facts=("school",)),
        routed("flood", applies_when="kind == 'in' && in_flood_zone"),
    )
    facts = known(moving=True, kind="in")
    assert routes.askable(facts, today=TODAY) == ["home"]
    at_home = {**facts, **known(home={"label": "曙町", "lon": 139.4, "lat": 35.7})}
    assert routes.askable(at_home, today=TODAY) == ["in_flood_zone"]  # the map has no answer, so that people are asked
    from_map = {
        **at_home,
        "school": KnownFact("第二小学校", "map", "schools"),
        "in_flood_zone": KnownFact(False, "map", "floods"),
    }
    assert routes.next_question(from_map, today=TODAY) is None
    assert routes.plan(from_map, today=TODAY).entry("transfer").shown == ("school",)
    assert routes.askable({**facts, **known(home=...)}, today=TODAY) == ["in_flood_zone"]


def test_reasons_are_sentences_made_of_what_decided() -> None:
    routes = router(routed("both", applies_when="has_dog && age >= 65"), routed("everyone"))
    facts = known(has_dog=True, age=70)
    plan = routes.plan(facts, today=TODAY)
    assert (
        reason_in_words(plan.entry("both"), facts, routes.facts, "ja") == "犬を飼っていること、age？が70であることから"
    )
    assert reason_in_words(plan.entry("both"), facts, routes.facts, "en").startswith("Because you have a dog, and ")
    assert reason_in_words(plan.entry("everyone"), facts, routes.facts, "ja") == "どなたにも関わる手続きのため"
    no_dog = known(has_dog=False, age=70)
    assert routes.plan(no_dog, today=TODAY).entry("both").deciding == ("has_dog",)


def test_what_another_fact_implies_is_not_told_as_a_reason() -> None:
    facts = known(moving=True, kind="in")
    assert router(MOVE_IN).plan(facts, today=TODAY).entry("move-in").deciding == ("kind",)


def test_procedures_stand_behind_those_they_wait_for_and_what_is_optional_is_marked() -> None:
    late = routed("late", optional=True, after=("dog",))
    plan = router(late, DOG, MOVE_IN).plan(
        known(moving=True, kind="in", has_dog=True, moved_on=date(2027, 3, 28)), today=TODAY
    )
    assert [(entry.key, entry.status) for entry in plan.entries] == [
        ("move-in", "needed"),
        ("dog", "needed"),
        ("late", "optional"),
    ]
    assert plan.open == 0


def test_an_order_behind_a_procedure_that_the_city_lacks_does_not_count() -> None:
    dog = routed("dog", applies_when="has_dog", after=("not-here", "move-in"))
    plan = router(dog, MOVE_IN).plan(
        known(moving=True, kind="in", has_dog=True, moved_on=date(2027, 3, 28)), today=TODAY
    )
    assert [(entry.key, entry.status) for entry in plan.entries] == [("move-in", "needed"), ("dog", "needed")]


def test_questions_of_one_group_are_asked_on_one_page() -> None:
    facts = vocabulary(
        {
            **FACTS,
            **{f"has_{pet}": {"type": "bool", "asked_with": "pets", "label": {"ja": pet}} for pet in ("cat", "fish")},
        }
    )
    routes = router(routed("cat", applies_when="has_cat"), routed("fish", applies_when="has_fish"), facts=facts)
    question = routes.next_question({}, today=TODAY)
    assert question is not None
    assert (question.fact, question.together) == ("has_cat", ("has_cat", "has_fish"))


def test_values_that_the_vocabulary_does_not_have_are_not_known() -> None:
    routes = router(MOVE_IN, MOVE_OUT)
    question = routes.next_question(known(moving=True, kind="sideways", vanished=True), today=TODAY)
    assert question is not None
    assert question.fact == "kind"


def test_only_the_procedures_among_which_one_looks_are_weighed() -> None:
    routes = router(MOVE_IN, DOG)
    assert routes.askable({}, today=TODAY, among={"dog"}) == ["has_dog"]
    assert [entry.key for entry in routes.plan({}, today=TODAY, among={"dog"}).entries] == ["dog"]


@pytest.mark.parametrize(
    ("entries", "name", "message"),
    [
        ({"a": {"type": "bool", "asked_when": "nothing"}}, "a", "asked_when"),
        ({"a": {"type": "bool", "asked_when": "b"}, "b": {"type": "bool", "asked_when": "a"}}, "a", "→"),
        ({"a": {"type": "string", "from_map": {"layer": "x", "at": "b"}}, "b": {"type": "bool"}}, "a", "place"),
        ({"a": {"type": "int", "asked_when": "a"}}, "a", "asked_when"),
        ({"a": {"type": "place", "fills": "no.such"}}, "a", "no.such"),
        ({"a": {"type": "place", "fills": "person.name"}}, "a", "address"),
    ],
)
def test_faults_of_a_vocabulary_are_told_by_the_fact(
    entries: dict[str, dict[str, object]], name: str, message: str
) -> None:
    assert message in next(
        fault for key, fault in vocabulary_faults(vocabulary(entries), shipped().items).items() if key in (name, "b")
    )


def test_the_shipped_words_have_no_faults_and_a_condition_of_too_many_facts_is_refused() -> None:
    assert vocabulary_faults(vocabulary(), {}) == {}
    assert vocabulary_faults(shipped().facts, shipped().items) == {}
    many = vocabulary({f"f{number}": {"type": "bool"} for number in range(20)})
    huge = routed("huge", applies_when=" || ".join(many))
    [diagnostic] = routing_diagnostics(huge, many)
    assert diagnostic.path == ("routing", "applies_when")
    assert f"{MAX_COMBINATIONS:,}" in diagnostic.message
    assert Router([huge], many).plan({}, today=TODAY).entries == []


def test_a_circle_of_procedures_is_found_with_its_way() -> None:
    after = {"a": ("b", "c"), "b": ("d",), "d": ("a",), "c": ()}
    assert order_cycle(after, "a") == ["a", "b", "d", "a"]
    assert order_cycle(after, "c") == []


def test_a_place_begins_every_address_that_is_the_new_one() -> None:
    definition = loaded(next(path for path in procedure_files() if path.stem == "moving-in"))
    home = {"label": "曙町2丁目", "town": "曙町", "lon": 139.4, "lat": 35.7}
    city = ExampleCity(key="tachikawa", name="立川市", code="132021")
    begun = begun_from_facts(definition, {"new_home": KnownFact(home)}, shipped(), city)
    assert begun == {"new_address": {"prefecture": "東京都", "city": "立川市", "town": "曙町"}}
    station = begun_from_facts(definition, {"new_home": KnownFact(home | {"town": ""})}, shipped(), city)
    assert station["new_address"] == {"prefecture": "東京都", "city": "立川市"}


def test_what_the_city_has_is_said_only_where_the_facts_say_so() -> None:
    definition = routed(
        "dog", applies_when="has_dog", held=[{"what": {"ja": "鑑札"}, "when": "moving"}, {"what": {"ja": "住民票"}}]
    )

    def held(**facts: bool) -> list[str]:
        entry = router(definition).plan(known(has_dog=True, **facts), today=TODAY).entry("dog")
        return [text.ja for text in entry.held]

    assert (held(moving=True), held(moving=False), held()) == (["鑑札", "住民票"], ["住民票"], ["住民票"])


def test_the_place_of_the_plan_is_where_the_form_begins() -> None:
    home = {"label": "曙町二丁目", "town": "曙町", "lon": 139.41, "lat": 35.7}
    facts = {"new_home": KnownFact(home)}
    for procedure in ("moving-in", "school-transfer"):
        definition = loaded(next(path for path in procedure_files() if path.stem == procedure))
        answers = answers_from_facts(definition, facts, ReadContext(date(2026, 11, 23)))
        assert answers["home"]["label"] == "曙町二丁目"
        assert answers["home"]["geometry"]["coordinates"] == [139.41, 35.7]


def test_nobody_is_asked_for_an_address_only_to_be_told_the_collection_days() -> None:
    """Who has pupils is asked for it, for the school; then the days are told too."""
    facts = shipped().facts
    move = routed("move", applies_when="move_kind == 'in'", show_facts=("burnable_waste_days",))
    known_facts = known(move_kind="in", moving=True)
    made = Router([move], facts)
    assert made.next_question(known_facts, today=TODAY) is None
    known_facts |= {"burnable_waste_days": KnownFact("月・木", "map", "garbage-days")}
    [entry] = made.plan(known_facts, today=TODAY).included
    assert entry.shown == ("burnable_waste_days",)

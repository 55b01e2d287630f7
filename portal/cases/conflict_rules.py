"""What the places of cases must keep clear of: the rules about other cases, put together for the filter of lists and maps."""

import json
from collections.abc import Iterable

from portal.cases.case_layers import place_slots
from portal.cases.case_matters import ConflictRules
from portal.procedures import Offer


def conflict_rules(offers: Iterable[Offer]) -> ConflictRules:
    """The rules about other cases of these procedures, as their versions in force write them: an element for each rule of each place."""
    rules = [
        {
            "asks": offer.key,
            "slot": slot,
            "other": rule.clear_of.procedure,
            "states": list(rule.clear_of.states),
            "always": rule.clear_of.during is None,
        }
        for offer in offers
        for slot, place in place_slots(offer.definition)
        for rule in place.rules
        if rule.clear_of is not None
    ]
    return json.dumps(rules, sort_keys=True)

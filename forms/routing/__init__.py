"""From a life event to a plan: which procedures a person needs, by which facts, until when, and what to ask next.

Pure: published definitions, the facts of a vocabulary and what is known of a person go in. `Router` is made once for the definitions
that a city publishes and answers for every person.
"""

from forms.routing.answering import FactRefused, fact_from_form, fact_from_store
from forms.routing.checks import routing_diagnostics, vocabulary_faults
from forms.routing.deadlines import Due, due_on
from forms.routing.facts import UNSURE, Facts, KnownFact, Unsure
from forms.routing.order import in_order, order_cycle
from forms.routing.plan import Entry, Plan, Status
from forms.routing.reasons import answer_in_words, label_of, reason_in_words
from forms.routing.router import Question, Router

__all__ = [
    "UNSURE",
    "Due",
    "Entry",
    "FactRefused",
    "Facts",
    "KnownFact",
    "Plan",
    "Question",
    "Router",
    "Status",
    "Unsure",
    "answer_in_words",
    "due_on",
    "fact_from_form",
    "fact_from_store",
    "in_order",
    "label_of",
    "order_cycle",
    "reason_in_words",
    "routing_diagnostics",
    "vocabulary_faults",
]

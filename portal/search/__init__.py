"""Finding what people need by the words they use: procedures, windows of the first page, departments, or a person to ask.

It reads what is offered and the words of the city; `writing.words` says which words are the same, `index` compares and ranks. What was
asked and not found is counted without anything that could name a person, for the departments to see.
"""

from portal.search import events, rights
from portal.search.entries import PERSON, ShippedWords, name_of, shipped_words
from portal.search.evaluation import Evaluation, Expectation, Unreadable, evaluate, read_expectations
from portal.search.finding import SearchResult, find, questions_in
from portal.search.models import SearchSynonym, UnfoundQuery
from portal.search.synonyms import (
    MAX_GROUPS,
    MAX_WORDS,
    add_synonyms,
    change_synonyms,
    remove_synonyms,
    synonym_group,
    synonyms,
)
from portal.search.unfound import count_unfound, forget_unfound, unfound_queries

__all__ = [
    "MAX_GROUPS",
    "MAX_WORDS",
    "PERSON",
    "Evaluation",
    "Expectation",
    "SearchResult",
    "SearchSynonym",
    "ShippedWords",
    "UnfoundQuery",
    "Unreadable",
    "add_synonyms",
    "change_synonyms",
    "count_unfound",
    "evaluate",
    "events",
    "find",
    "forget_unfound",
    "name_of",
    "questions_in",
    "read_expectations",
    "remove_synonyms",
    "rights",
    "shipped_words",
    "synonym_group",
    "synonyms",
    "unfound_queries",
]

"""How people write: one library of named folds for everything that reads what somebody typed.

Answers, codes, dates, searches, addresses and the guard against My Number read through it; it knows no portal, form or map.
"""

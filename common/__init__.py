"""What `forms` and `geo` share: geometry that people draw, metres in a city's plane, open days, the statuses of a case.

The lowest library of all: no database, no Flask, and it imports none of its neighbours.
"""

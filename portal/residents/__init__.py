"""The residents' front door: find a procedure, apply step by step, pay, and follow what became of it.

Pages only: what an answer means is `forms`' business, what happens to an application is `cases`'. Others may link to its
addresses; nothing imports it.
"""

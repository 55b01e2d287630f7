"""The procedure engine: what a procedure asks, whether the answers are well formed, what it costs, what happens next.

A library without database or Flask. `load` reads a definition, `read_step` one posted page, `evaluate` everything that
follows from the answers, `workflow_of` the states of a case. `check` and `try_answers` are for those who write
definitions, `difference` for those who publish them.
"""

"""Measure the pages of the main job on this machine, beside the SQL statements that they run, run bare by `pgbench`.

`scripts/bench` runs it; docs/develop/speed.md says how to read what it prints. Nothing here asserts a time.
"""

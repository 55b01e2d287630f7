"""The reference of the language: what every setting means, and pages and JSON Schema made from it.

`settings.yaml` and `question_types.yaml` are the only place where a setting is described; `recipes/` holds the cookbook.
"""

"""The text a new procedure begins with: another procedure's, renamed, or the smallest one that can be published."""

import re

_SMALLEST = """procedure: {key}
kind: notification
title: {{ja: {title}}}
summary: {{ja: この手続きの説明を、1〜2文で書いてください。}}
department: {department}
standard_days: 5
assurance: email

steps:
  - id: applicant
    title: {{ja: あなたのことを教えてください}}
    fields:
      - {{id: name, type: person_name, item: person.name}}

workflow:
  preset: notification
"""


def starting_text(source: str | None, key: str, title: str, department: str) -> str:
    """A definition named `key` and `title`, for that department. Words of the title are quoted where YAML needs it."""
    quoted = '"' + title.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if source is None:
        return _SMALLEST.format(key=key, title=quoted, department=department)
    text = re.sub(r"(?m)^procedure:.*$", f"procedure: {key}", source, count=1)
    text = re.sub(r"(?m)^department:.*$", f"department: {department}", text, count=1)
    return re.sub(r"(?m)^title:[^\n]*(?:\n[ \t]+[^\n]*)*", lambda _found: f"title: {{ja: {quoted}}}", text, count=1)

"""A language differs in its texts and in one table (`forms.text.ways`): no module has a branch for one."""

import re

from tests.house.files import ROOT, name_of, ours

_BRANCH = re.compile(r"""[=!]= ["'](?:en|zh|ko|ja-easy)["']|["'](?:en|zh|ko)["'] (?:if|else)\b""")
OF_ONE_LANGUAGE = {"portal/residents/furigana.py"}
"""What only やさしい日本語 has: readings above its kanji."""


def test_no_module_has_a_branch_for_a_language() -> None:
    sources = [path for path in ours(".py", ".html") if path.relative_to(ROOT).parts[0] in {"forms", "portal"}]
    branching = {name_of(path) for path in sources if _BRANCH.search(path.read_text("utf-8"))}
    assert branching == OF_ONE_LANGUAGE

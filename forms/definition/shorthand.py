"""What a definition leaves to the words that all share, written out: questions of shared items, and short names of pages.

`{id: name, item: person.name}` without a type is the whole question of that item; `person.name` alone is that question under its
own id. A `type` that is written says that the question shapes itself, so that an item may grow without changing it.
The earliest day `deadline` of a question is that of the procedure's own deadline: 「14日前まで」 is written once.
"""

from collections.abc import Mapping
from typing import Any

from forms.catalogue.vocabulary import Item, Vocabulary
from forms.text.phrases import short_forms


def written_out(tree: Any, vocabulary: Vocabulary) -> Any:
    """The tree with everything that its shorthands stand for; the one given is not changed. Faulty parts stay as they are."""
    if not isinstance(tree, dict):
        return tree
    full = dict(tree)
    if isinstance(tree.get("steps"), list):
        full["steps"] = _with_deadline([_page(page, vocabulary) for page in tree["steps"]], _days_before(tree))
    workflow = tree.get("workflow")
    if isinstance(workflow, dict) and isinstance(workflow.get("stages"), list):
        full["workflow"] = {**workflow, "stages": [_stage(stage, vocabulary) for stage in workflow["stages"]]}
    return full


def _days_before(tree: Mapping[str, Any]) -> int | None:
    """How many days before something the procedure must be applied for; None where that is not said in days."""
    routing = tree.get("routing")
    deadline = routing.get("deadline") if isinstance(routing, dict) else None
    days = deadline.get("days") if isinstance(deadline, dict) and "before" in deadline else None
    return days if isinstance(days, int) and not isinstance(days, bool) else None


def _with_deadline(part: Any, days: int | None) -> Any:
    """The pages with the days of the deadline as the earliest day of the questions that say so; as they are without one."""
    if days is None:
        return part
    if isinstance(part, list):
        return [_with_deadline(inner, days) for inner in part]
    if not isinstance(part, dict):
        return part
    earliest = {"min": f"today+{days}d"} if part.get("min") == "deadline" and "type" in part else {}
    return {**part, **({"fields": _with_deadline(part["fields"], days)} if "fields" in part else {}), **earliest}


def id_of_item(item: str) -> str:
    """The id of a question that is written by its item alone: what is asked of the person who applies has no other name."""
    return item.removeprefix("person.").replace(".", "_")


def _page(page: Any, vocabulary: Vocabulary) -> Any:
    if not isinstance(page, dict):
        return page
    full = _with_questions(page, vocabulary)
    title = page.get("title")
    if "short" not in page and isinstance(title, str) and title in short_forms():
        full["short"] = dict(short_forms()[title])
    return full


def _stage(stage: Any, vocabulary: Vocabulary) -> Any:
    form = stage.get("form") if isinstance(stage, dict) else None
    return {**stage, "form": _with_questions(form, vocabulary)} if isinstance(form, dict) else stage


def _with_questions(holder: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    if not isinstance(holder.get("fields"), list):
        return dict(holder)
    return {**holder, "fields": [_question(field, vocabulary) for field in holder["fields"]]}


def _question(written: Any, vocabulary: Vocabulary) -> Any:
    question = {"item": written} if isinstance(written, str) and "." in written else written
    if not isinstance(question, dict):
        return written
    name = question.get("item")
    item = vocabulary.items.get(name) if isinstance(name, str) else None
    if isinstance(name, str) and "id" not in question:
        question = {"id": id_of_item(name), **question}
    if isinstance(name, str) and "type" not in question:
        question = {**_of_item(item), **question}
    return _with_questions(question, vocabulary)


def _of_item(item: Item | None) -> dict[str, Any]:
    """What a shared item says of its question. One that is not there is reported by its name, whatever it may ask."""
    if item is None:
        return {"type": "text"}
    help_of_item = {} if item.help is None else {"help": item.help.root}
    return {"type": item.type, **help_of_item, **item.question}

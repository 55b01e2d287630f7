"""Words of a definition that contradict what it does: steps to come named as if they were past, 申請 for what is none, payments that nobody makes."""

import re
from collections.abc import Iterator

from forms.definition.diagnostics import UnlocatedDiagnostic
from forms.definition.languages import texts_for_residents
from forms.definition.procedure import Definition
from forms.workflow.building import workflow_of

_PAST = re.compile(r"(済み|済|ました|した)$")
"""How a name ends that tells of something past."""
_LAW: dict[str, tuple[str, ...]] = {"report": ("申請", "届出"), "survey": ("申請", "届出"), "permit": ("届出",)}
"""What a procedure of a kind does not ask people for: an application is decided about, a notification is complete when it arrives."""


def word_advice(definition: Definition) -> list[UnlocatedDiagnostic]:
    """What can be proved from the definition alone; every line names the text and the better one."""
    if not definition.has_form:
        return []
    return [*_past_names(definition), *_names_of_what_is_sent(definition), *_needless_payments(definition)]


def _advice(path: tuple[str | int, ...], message: str, remedy: str) -> UnlocatedDiagnostic:
    return UnlocatedDiagnostic(path, message, remedy, "advice")


def _past_names(definition: Definition) -> Iterator[UnlocatedDiagnostic]:
    """The bar of a case shows every step from the first day on, by its short name."""
    flow = workflow_of(definition).flow
    for number, state in enumerate(definition.workflow.states):
        name = state.short or state.title
        if state.id in flow and name is not None and _PAST.search(name.ja):
            yield _advice(
                ("workflow", "states", number, "short" if state.short else "title"),
                f"「{name.ja}」は、まだ来ていない段階の名前としても、申請した人の進みぐあいに出ます。",
                "short に「交付」「許可」のように、済んだことを言わない名前を書いてください。",
            )


def _names_of_what_is_sent(definition: Definition) -> Iterator[UnlocatedDiagnostic]:
    """What is sent has one name; texts that use another are about something else, or wrong."""
    word = definition.submission_word.ja
    wrong = [other for other in _LAW.get(definition.kind, ()) if other != word]
    for path, text in texts_for_residents(definition):
        used = next((other for other in wrong if f"この{other}" in text.ja), None)
        if used is not None:
            yield _advice(
                path,
                f"住民が送るものは「{word}」ですが、この文は「{used}」と呼んでいます。",
                f"「{word}」と書くか、submission に「{used}」と書いてください。",
            )


def _needless_payments(definition: Definition) -> Iterator[UnlocatedDiagnostic]:
    """A step for paying, written by the definition itself, of a procedure without a fee."""
    for number, state in enumerate(definition.workflow.states):
        if state.kind == "awaiting_payment" and not definition.fee:
            yield _advice(
                ("workflow", "states", number),
                f"状態「{state.id}」は支払いを待ちますが、この手続きに料金(fee)はありません。",
                "料金を書くか、この状態を消してください。",
            )

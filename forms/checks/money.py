"""Money in a definition that can never come out right, and questions that its rules name in vain."""

import re
from collections.abc import Iterator

from forms.definition.diagnostics import UnlocatedDiagnostic, nearest
from forms.definition.fee import METHOD_LIMITS, FeeRule
from forms.definition.procedure import Definition

_PLAIN = re.compile(r"\s*[0-9]+\s*")
_BELOW_ZERO = re.compile(r"\s*-\s*[0-9.]+\s*")
_ACCOUNTS = "bank_account"
_FILES = frozenset({"file", "photo"})


def money_diagnostics(definition: Definition) -> Iterator[UnlocatedDiagnostic]:
    """Report fees below zero, or that no method takes, and proofs of reductions that no question of files gives."""
    accounts = {field.id: field for field in definition.fields.values() if field.type == _ACCOUNTS}
    for number, payout in enumerate(definition.payout):
        if payout.account not in accounts and not definition.unread.some_question:
            yield UnlocatedDiagnostic(
                ("payout", number, "account"),
                f"「{payout.account}」という口座の質問はありません。",
                nearest(payout.account, accounts) or "type: bank_account の質問を加えてください。",
            )
        elif payout.account in accounts and not accounts[payout.account].required:
            yield UnlocatedDiagnostic(
                ("payout", number, "account"),
                f"「{payout.account}」は任意の質問なので、払う先がわからないことがあります。",
                "その質問を「required: true」にしてください。",
            )
    for number, rule in enumerate(definition.fee):
        if _BELOW_ZERO.fullmatch(rule.amount):
            yield UnlocatedDiagnostic(
                ("fee", number, "amount"),
                f"手数料が{rule.amount.strip()}円では、申請できる人がいません。",
                "0円以上にしてください。市が払うお金は、fee ではなく payout に書きます。",
            )
        yield from _methods(number, rule)
        if rule.schedule and rule.schedule.repeats and definition.fee_total is not None:
            yield UnlocatedDiagnostic(
                ("fee", number, "schedule"),
                "期ごとに払う行があるので、合計(fee_total)を決められません。",
                "fee_total を消すか、行の minimum、maximum、rounding に書いてください。",
            )
        if rule.surveyed and definition.fee_total is not None:
            yield UnlocatedDiagnostic(
                ("fee", number, "surveyed"),
                "実測で決まる行があるので、合計(fee_total)を決められません。",
                "fee_total を消すか、行の minimum、maximum、rounding に書いてください。",
            )
        proof = rule.reduction.proof if rule.reduction else None
        files = [field.id for field in definition.fields.values() if field.type in _FILES]
        if proof is not None and proof not in files and not definition.unread.some_question:
            yield UnlocatedDiagnostic(
                ("fee", number, "reduction", "proof"),
                f"「{proof}」というファイルの質問はありません。",
                nearest(proof, files) or "type: file の質問を加えてください。",
            )


def _methods(number: int, rule: FeeRule) -> Iterator[UnlocatedDiagnostic]:
    """Report methods that are there twice, and those that never take the fee as it is."""
    for place, method in enumerate(rule.methods):
        least, most = METHOD_LIMITS[method]
        if method in rule.methods[:place]:
            yield UnlocatedDiagnostic(
                ("fee", number, "methods", place), f"「{method}」が2回あります。", "1つを消してください。"
            )
        elif _PLAIN.fullmatch(rule.amount) and not least <= int(rule.amount) <= most:
            yield UnlocatedDiagnostic(
                ("fee", number, "methods", place),
                f"「{method}」で支払えるのは、1回に{least:,}円から{most:,}円までです。",
                f"「{method}」を消してください。",
            )

"""What can happen to the answers that an account keeps or brings along: it is part of the history of the account, which only its owner reads."""

from portal.core.events import EventKind, Subject, declare

SUBJECT = "account"

EVENTS = declare(
    (SUBJECT,),
    {
        "profile.kept": EventKind(
            "住民が次の申請のために項目を残しました",
            "次の手続きのために残しました",
            keys=("items", "procedure"),
        ),
        "profile.used": EventKind(
            "住民が残した項目を申請に入れました", "申請に入れました", keys=("items", "procedure", "draft")
        ),
        "handover.taken": EventKind(
            "住民の同意で、ほかの市から内容を引き継ぎました",
            "ほかの市から引き継ぎました",
            keys=("city", "items", "procedure", "draft"),
        ),
        "profile.edited": EventKind("住民が残した項目を直しました", "内容を直しました", keys=("items",)),
        "profile.removed": EventKind(
            "住民が同意を取り消し、残した項目を消しました", "同意を取り消して、消しました", keys=("items",)
        ),
    },
)


def of_account(account_id: int) -> Subject:
    """The account as the subject of an event."""
    return Subject(SUBJECT, account_id)

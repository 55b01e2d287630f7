"""The history of a case in words for staff."""

from portal.cases.event_words import EVENT_WORDS
from portal.cases.models import CaseEvent
from portal.core.text import _, yen

_WORDS = {
    "case.submitted": "申請が届きました",
    "case.accepted": "受け付けました",
    "case.correction_requested": "補正を求めました",
    "case.correction_answered": "補正が届きました",
    "case.approved": "許可しました",
    "case.refused": "認めませんでした",
    "case.withdrawn": "取り下げられました",
    "case.completed": "完了しました",
    "case.stage_passed": "段階を進めました",
    "case.stage_form_filled": "段階の様式に書きました",
    "case.assigned": "担当を変えました",
    "case.transferred": "担当課が変わりました",
    "case.fee_recomputed": "補正で料金が変わりました",
    "case.message_sent": "メッセージを書きました",
    "mail.undelivered": "メールが届きませんでした",
    "case.file_opened": "書類を開きました",
    "case.viewed": "内容を見ました",
    "case.status_viewed": "申請の状況を調べました",
    "list.viewed": "一覧を見ました",
    "export.made": "一覧を書き出しました",
    "chain.redacted": "記録から文章を取り除きました",
    "staff.created": "職員を加えました",
    "staff.roles_changed": "職員の役割を変えました",
    "staff.closed": "職員のアカウントを閉じました",
    "staff.reopened": "職員のアカウントを、もう一度使えるようにしました",
    "staff.password_given": "はじめのパスワードを出しました",
    "staff.reset_requested": "認証アプリの再設定を依頼しました",
    "staff.reset_confirmed": "認証アプリの再設定を認めました",
    "staff.reset_canceled": "認証アプリの再設定の依頼を取り消しました",
    "staff.enrolled": "新しい認証アプリを登録しました",
    "payment.requested": "支払いを求めました",
    "payment.started": "支払いの画面を開きました",
    "payment.pending": "支払いを待っています(コンビニなど)",
    "payment.paid": "支払いを確かめました",
    "payment.failed": "支払いできませんでした",
    "payment.expired": "支払いの期限が切れました",
    "payment.needs_review": "支払いに確認が必要です",
    "payment.reviewed": "支払いの確認を終えました",
    "refund.requested": "返金を求めました",
    "refund.approved": "返金を承認しました",
    "refund.rejected": "返金を承認しませんでした",
    "refund.succeeded": "返金しました",
    "refund.failed": "返金できませんでした",
}


def event_words(event: CaseEvent) -> str:
    """One line of the history, with the amount where money is meant."""
    words = _(EVENT_WORDS[event.name].office)
    amount = event.data.get("amount")
    return f"{words} {yen(amount)}" if isinstance(amount, int) else words

"""What can happen to a case, in the words of each side: one table, so that an event without words cannot be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EventWords:
    """`office` is the line of the desk's history; `resident` that of the applicant's, None for what is the office's own business."""

    office: str
    resident: str | None = None


EVENT_WORDS = {
    "case.submitted": EventWords("申請が届きました", "申請を送りました"),
    "case.accepted": EventWords("受け付けました", "市役所が受け付けました"),
    "case.correction_requested": EventWords("補正を求めました", "市役所から、直してほしいところの連絡がありました"),
    "case.correction_answered": EventWords("補正が届きました", "直した内容を送りました"),
    "case.approved": EventWords("許可しました", "許可されました"),
    "case.refused": EventWords("認めませんでした", "認められませんでした"),
    "case.withdrawn": EventWords("取り下げられました", "取り下げました"),
    "case.completed": EventWords("完了しました", "手続きが終わりました"),
    "case.stage_passed": EventWords("段階を進めました", "市役所の確認が進みました"),
    "case.stage_form_filled": EventWords("段階の様式に書きました"),
    "case.hold_placed": EventWords("保存を延長しました"),
    "case.hold_lifted": EventWords("保存の延長をやめました"),
    "case.erased": EventWords("保存期間が過ぎたので、内容を消しました"),
    "case.assigned": EventWords("担当を変えました"),
    "case.transferred": EventWords("担当課が変わりました"),
    "case.fee_recomputed": EventWords("補正で料金が変わりました"),
    "case.decision_taken_back": EventWords("決定を取り消しました"),
    "case.noted": EventWords("職員のメモを書きました"),
    "case.message_sent": EventWords("メッセージを書きました"),
    "mail.undelivered": EventWords("メールが届きませんでした"),
    "case.file_opened": EventWords("書類を開きました"),
    "case.viewed": EventWords("内容を見ました"),
    "case.status_viewed": EventWords("申請の状況を調べました"),
    "list.viewed": EventWords("一覧を見ました"),
    "export.made": EventWords("一覧を書き出しました"),
    "chain.redacted": EventWords("記録から文章を取り除きました"),
    "staff.created": EventWords("職員を加えました"),
    "staff.roles_changed": EventWords("職員の役割を変えました"),
    "staff.closed": EventWords("職員のアカウントを閉じました"),
    "staff.reopened": EventWords("職員のアカウントを、もう一度使えるようにしました"),
    "staff.password_given": EventWords("はじめのパスワードを出しました"),
    "staff.reset_requested": EventWords("認証アプリの再設定を依頼しました"),
    "staff.reset_confirmed": EventWords("認証アプリの再設定を認めました"),
    "staff.reset_canceled": EventWords("認証アプリの再設定の依頼を取り消しました"),
    "staff.enrolled": EventWords("新しい認証アプリを登録しました"),
    "payment.requested": EventWords("支払いを求めました", "料金のお知らせが届きました"),
    "payment.started": EventWords("支払いの画面を開きました"),
    "payment.pending": EventWords("支払いを待っています(コンビニなど)", "コンビニの支払い番号を受け取りました"),
    "payment.paid": EventWords("支払いを確かめました", "料金を支払いました"),
    "payment.failed": EventWords("支払いできませんでした", "支払いができませんでした"),
    "payment.expired": EventWords("支払いの期限が切れました"),
    "payment.needs_review": EventWords("支払いに確認が必要です"),
    "payment.reviewed": EventWords("支払いの確認を終えました"),
    "refund.requested": EventWords("返金を求めました"),
    "refund.approved": EventWords("返金を承認しました"),
    "refund.rejected": EventWords("返金を承認しませんでした"),
    "refund.succeeded": EventWords("返金しました", "料金をお返ししました"),
    "refund.failed": EventWords("返金できませんでした"),
}
"""By the name of the event, see `portal.core.events`."""

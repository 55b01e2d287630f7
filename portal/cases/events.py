"""What can happen to a case, and who looked at one."""

from sqlalchemy import ColumnElement, and_

from portal.core.events import Event, EventKind, Subject, declare

EVENTS = declare(
    ("case", "lottery", "dossier", "neighbours"),
    {
        "case.submitted": EventKind("申請が届きました", "申請を送りました", keys=("version", "channel", "bundle")),
        "case.claimed": EventKind("メールアドレスを確かめました", "メールアドレスを確かめて、自分の申請にしました"),
        "case.accepted": EventKind("受け付けました", "市役所が受け付けました", keys=("state", "message_id")),
        "case.correction_requested": EventKind(
            "補正を求めました",
            "市役所から、直してほしいところの連絡がありました",
            keys=("state", "came_from", "message_id", "fields", "answer_by"),
        ),
        "case.correction_answered": EventKind(
            "補正が届きました", "直した内容を送りました", keys=("state", "message_id", "fields")
        ),
        "case.approved": EventKind(
            "許可しました", "許可されました", keys=("state", "message_id", "conditions", "parts")
        ),
        "case.refused": EventKind("認めませんでした", "認められませんでした", keys=("state", "message_id")),
        "case.withdrawn": EventKind(
            "取り下げられました", "取り下げました", keys=("state", "message_id", "asked_by", "asked_how")
        ),
        "case.decision_corrected": EventKind(
            "決定を訂正しました",
            "市役所が、前の決定を訂正しました",
            keys=("state", "message_id", "conditions", "parts", "former"),
        ),
        "case.decision_revoked": EventKind(
            "知らせた決定を取り消しました",
            "市役所が、前の決定を取り消しました",
            keys=("state", "came_from", "message_id", "former"),
        ),
        "case.completed": EventKind(
            "完了しました", "手続きが終わりました", keys=("state", "message_id", "conditions", "parts")
        ),
        "case.moved": EventKind(
            "状態を変えました", "状態が変わりました", keys=("state", "came_from", "message_id", "conditions", "parts")
        ),
        "case.reminded": EventKind("期限が近いことを知らせました", "期限が近いことをお知らせしました", keys=("until",)),
        "case.stage_passed": EventKind("段階を進めました", "審査が次の段階に進みました", keys=("state", "message_id")),
        "case.stage_form_filled": EventKind("段階の様式に書きました", keys=("stage_form_id",)),
        "case.site_photo_kept": EventKind("現地の写真を残しました", keys=("file_id",)),
        "case.decision_taken_back": EventKind("決定を取り消しました", keys=("move",)),
        "case.decision_drafted": EventKind("決定を起案しました", keys=("move",)),
        "case.decision_signed_off": EventKind("決裁しました", keys=("move", "role", "deputy")),
        "case.decision_returned": EventKind("決裁を差し戻しました", keys=("move",)),
        "case.noted": EventKind("職員のメモを書きました", keys=("note_id",)),
        "case.colleague_mentioned": EventKind("メモで職員に知らせました", keys=("note_id", "to")),
        "case.hold_placed": EventKind("保存を延長しました", keys=("hold_id",)),
        "case.hold_lifted": EventKind("保存の延長をやめました", keys=("hold_id",)),
        "case.erased": EventKind("保存期間が過ぎたので、内容を消しました", keys=("retention_years",)),
        "case.consent_asked": EventKind("同意をお願いしました", "同意をお願いしました", keys=("consent_id",)),
        "case.consent_asked_again": EventKind(
            "同意をもう一度お願いしました", "同意をもう一度お願いしました", keys=("consent_id",)
        ),
        "case.consent_given": EventKind(
            "お願いした人が同意しました", "お願いした人が同意しました", keys=("consent_id",)
        ),
        "case.consent_refused": EventKind(
            "お願いした人が同意しませんでした", "お願いした人が同意しませんでした", keys=("consent_id",)
        ),
        "case.consent_expired": EventKind(
            "同意の返事がありませんでした", "同意の返事がありませんでした", keys=("consent_id",)
        ),
        "case.consent_withdrawn": EventKind("同意のお願いをやめました", keys=("consent_id",)),
        "case.consent_revoked": EventKind(
            "お願いした人が同意を取り消しました", "お願いした人が同意を取り消しました", keys=("consent_id",)
        ),
        "case.consents_missing_again": EventKind(
            "もう一度、同意を待っています", "もう一度、同意を待っています", keys=("state", "message_id")
        ),
        "case.consents_given": EventKind("同意がそろいました", "同意がそろいました", keys=("state", "message_id")),
        "case.appointment_changed": EventKind("予約の日時が変わりました", "予約の日時を変えました", keys=("fields",)),
        "case.reduction_decided": EventKind(
            "減免を決めました", "料金の減免が決まりました", keys=("line", "outcome", "amount")
        ),
        "case.survey_requested": EventKind("実測した値の承認を求めました", keys=("line", "figure", "before", "amount")),
        "case.surveyed": EventKind(
            "実測した値が決まりました", "実測で料金が決まりました", keys=("line", "figure", "before", "amount")
        ),
        "case.survey_rejected": EventKind(
            "実測した値を承認しませんでした", keys=("line", "figure", "before", "amount")
        ),
        "case.consulted": EventKind("ほかの課に照会しました", keys=("department_id",)),
        "case.handed_over": EventKind(
            "住民の同意で、ほかの市に内容を渡しました", "ほかの市に渡すことに同意しました", keys=("city", "items")
        ),
        "case.handover_revoked": EventKind(
            "住民が、ほかの市に渡す同意を取り消しました", "ほかの市に渡す同意を取り消しました"
        ),
        "case.handover_used": EventKind(
            "渡した内容が、ほかの市の手続きに使われました",
            "渡した内容が、ほかの市の手続きに使われました",
            keys=("city",),
        ),
        "case.handover_ended": EventKind(
            "ほかの市に渡した内容は、使われないまま消えました",
            "ほかの市に渡した内容は、使われないまま消えました",
            keys=("city",),
        ),
        "case.lottery_drawn": EventKind("申込みの結果が決まりました", "申込みの結果が出ました", keys=("won",)),
        "case.lottery_offered": EventKind("繰り上げで空きを案内しました", "空きが出たので、お知らせしました"),
        "case.lottery_left": EventKind("空きを受け取りませんでした", "空きを次の方に譲りました"),
        "lottery.promised": EventKind(
            "順番を決めるたねの指紋を公開しました", keys=("procedure", "rule", "edition", "fingerprint")
        ),
        "lottery.drawn": EventKind("抽選か選考をしました", keys=("procedure", "rule", "edition", "entries", "seed")),
        "case.change_offered": EventKind(
            "一緒に送られた申請の補正が、この案件の内容にも関わります", keys=("offer_id", "fields", "from_case")
        ),
        "case.change_accepted": EventKind(
            "ほかの案件の補正を、この案件にも入れました",
            "ほかの手続きで直した内容を、市役所がこの手続きにも入れました",
            keys=("offer_id", "fields"),
        ),
        "case.change_declined": EventKind("ほかの案件の補正を、この案件には入れませんでした", keys=("offer_id",)),
        "dossier.made": EventKind("場所の調書をつくりました", keys=("dossier_id",)),
        "case.place_drafted": EventKind("場所の直し方の案を書きました", keys=("proposal_id", "field")),
        "case.place_discarded": EventKind("場所の直し方の案を消しました", keys=("proposal_id", "field")),
        "case.place_proposed": EventKind(
            "場所の直し方の案を送りました", "市役所から、場所の直し方の案が届きました", keys=("proposal_id", "field")
        ),
        "case.place_answered": EventKind(
            "場所の直し方の案に返事がありました", "場所の直し方の案に答えました", keys=("proposal_id", "outcome")
        ),
        "neighbours.listed": EventKind("近くの住所の一覧をつくりました", keys=("list_id", "metres", "number")),
        "neighbours.excluded": EventKind("近くの住所の一覧から外すものを決めました", keys=("list_id", "number")),
        "neighbours.exported": EventKind("近くの住所の一覧を出力しました", keys=("list_id", "kind", "number")),
        "neighbours.labels_fetched": EventKind("近くの住所のラベルを受け取りました", keys=("list_id", "number")),
        "case.map_contested": EventKind(
            "地図がちがうという申し出がありました",
            "地図がちがうことを伝えました",
            keys=("objection_id", "layer", "version"),
        ),
        "case.map_answered": EventKind(
            "地図についての申し出に答えました",
            "地図についての答えが届きました",
            keys=("objection_id", "layer", "version", "outcome"),
        ),
        "case.assigned": EventKind("担当を変えました", keys=("to",)),
        "case.transferred": EventKind(
            "担当課が変わりました", "担当する課が変わりました", keys=("from_department", "to_department", "message_id")
        ),
        "case.joined": EventKind(
            "同じことを知らせた案件に統合しました",
            "同じことを知らせた手続きと、まとめて扱うことにしました",
            keys=("lead_id",),
        ),
        "case.lead_taken": EventKind("同じことを知らせた案件をまとめました", keys=("follower_id",)),
        "case.separated": EventKind(
            "統合した案件から分けました", "ほかの手続きと分けて扱うことにしました", keys=("lead_id",)
        ),
        "case.not_followed": EventKind("まとめた案件と同じ状態に進められませんでした", keys=("lead_id",)),
        "case.fee_recomputed": EventKind("補正で料金が変わりました", keys=("before", "due")),
        "case.later_fees_recomputed": EventKind(
            "補正で、これから支払う料金が変わりました",
            "これから支払う料金を、訂正した内容で計算し直しました",
            keys=("before", "due"),
        ),
        "case.message_sent": EventKind("メッセージを書きました", keys=("message_id", "files")),
        "case.file_viewed": EventKind("書類を見ました", keys=("file_id", "department_id")),
        "case.file_opened": EventKind("書類を開きました", keys=("file_id", "department_id")),
        "case.viewed": EventKind("内容を見ました", keys=("department_id",)),
        "case.status_viewed": EventKind("申請の状況を調べました", keys=("department_id",)),
        "mail.undelivered": EventKind("メールが届きませんでした", keys=("mail_id",)),
    },
)

LOOKS = ("case.viewed", "case.status_viewed", "case.file_viewed")
"""Somebody looked at a case or asked for its state."""

VIEWS = frozenset({*LOOKS, "case.file_opened"})
"""Events that say that somebody looked at a case. They are no part of its timeline, except for the office's own history of files."""


def of_case(case_id: int) -> Subject:
    """A case as the subject of an event."""
    return Subject("case", case_id)


def in_history(case_id: int) -> ColumnElement[bool]:
    """Condition: the event is part of the history of this case, as those of its payments are."""
    return and_(Event.history_kind == "case", Event.history_id == case_id)

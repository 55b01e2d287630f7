"""What can happen to an account of the staff, to a role of the city, to a department, and to what the city says of itself."""

from portal.core.events import EventKind, declare

EVENTS = declare(
    ("staff", "city_role", "department", "city"),
    {
        "staff.created": EventKind("職員を加えました", keys=("roles",)),
        "staff.invited": EventKind("職員に招待のメールを送りました"),
        "staff.invitation_accepted": EventKind("招待を受けて、アカウントを使いはじめました"),
        "staff.invitation_withdrawn": EventKind("職員の招待を取り消しました"),
        "staff.absence_entered": EventKind("職員の不在と代理を登録しました", keys=("deputy", "first_day", "last_day")),
        "staff.absence_ended": EventKind("職員の不在を終わりにしました", keys=("deputy",)),
        "staff.list_exported": EventKind("職員の一覧をファイルに書き出しました"),
        "staff.list_taken": EventKind("人事異動の表を取り込みました", keys=("invited", "changed", "left", "cases")),
        "staff.roles_changed": EventKind("職員の役割を変えました", keys=("roles",)),
        "staff.particulars_changed": EventKind("職員の名前かメールアドレスを変えました", keys=("changed",)),
        "staff.closed": EventKind("職員のアカウントを閉じました"),
        "staff.reopened": EventKind("職員のアカウントを、もう一度使えるようにしました"),
        "staff.password_given": EventKind("はじめのパスワードを出しました"),
        "staff.reset_requested": EventKind("認証アプリの再設定を依頼しました"),
        "staff.reset_confirmed": EventKind("認証アプリの再設定を認めました", keys=("requested_by",)),
        "staff.reset_canceled": EventKind("認証アプリの再設定の依頼を取り消しました"),
        "staff.enrolled": EventKind("新しい認証アプリを登録しました"),
        "city_role.created": EventKind("市の役割を加えました", keys=("key", "rights", "scope")),
        "city_role.changed": EventKind("市の役割を変えました", keys=("key", "rights", "scope")),
        "city_role.removed": EventKind("市の役割を消しました", keys=("key",)),
        "city.changed": EventKind("市の情報を変えました", keys=("changed",)),
        "city.trial_mail_sent": EventKind("試しのメールを送りました"),
        "department.added": EventKind("課を加えました", keys=("key",)),
        "department.changed": EventKind("課の名前か問い合わせ先を変えました", keys=("key", "changed")),
        "department.ordered": EventKind("課の並び順を変えました", keys=("keys",)),
        "department.closed": EventKind("課を閉じて、ほかの課に引き継ぎました", keys=("key", "successor", "moved")),
    },
)

"""What staff may do with documents that decisions issued."""

from portal.core.access import Right, declare_rights

declare_rights(
    {"document.replace": Right("交付した書類をつくり直す、取り消す", ("decider",))},
)

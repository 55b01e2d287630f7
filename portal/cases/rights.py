"""What staff may do with the cases of their department."""

from portal.core.access import declare_rights

declare_rights(
    {
        "case.see": ("clerk", "decider", "cashier", "inspector"),
        "case.read_answers": ("clerk", "decider"),
        "case.read_place": ("clerk", "decider", "inspector"),
        "case.message": ("clerk", "decider"),
        "case.assign": ("clerk", "decider"),
        "case.hold": ("decider",),
        "lottery.draw": ("decider",),
    }
)

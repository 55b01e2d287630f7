"""The pages of the desk."""

from flask import Flask

from portal.desk import (
    appointments,
    case_actions,
    case_list,
    city_roles,
    consultations,
    daily_payments,
    documents,
    failed_refunds,
    fees,
    layer_imports,
    layers,
    ledger,
    ledger_closing,
    ledger_comparison,
    ledger_slips,
    limited_places,
    lotteries,
    overdue_payments,
    payment_settings,
    payouts,
    refunds,
    retention,
    reviews,
    stage_forms,
    tiles,
    till_closing,
    till_counter,
    tills,
)


def register(app: Flask) -> None:
    """Add the pages of this capability."""
    for part in (
        appointments,
        city_roles,
        consultations,
        lotteries,
        limited_places,
        case_list,
        tiles,
        layers,
        layer_imports,
        case_actions,
        stage_forms,
        retention,
        daily_payments,
        ledger,
        ledger_closing,
        ledger_comparison,
        ledger_slips,
        documents,
        payouts,
        failed_refunds,
        fees,
        overdue_payments,
        payment_settings,
        refunds,
        reviews,
        tills,
        till_counter,
        till_closing,
    ):
        app.register_blueprint(part.bp)

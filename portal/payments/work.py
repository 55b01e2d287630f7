"""The names of the jobs, so that who asks for one need not import who does it."""

TAKE_NOTICE = "payments.take_notice"
SEND_REFUND = "payments.send_refund"
CLOSE_ATTEMPTS = "payments.close_attempts"

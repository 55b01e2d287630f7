"""Messages to people by e-mail: written in the transaction of what they tell, sent by a job after it committed.

Others may use `send_mail`; `kinds.KINDS` names every mail and what it must be told.
"""

from portal.notifications.actions import send_mail

__all__ = ["send_mail"]

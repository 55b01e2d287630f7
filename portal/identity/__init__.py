"""Who people are: residents by a proved e-mail address, staff by password and authenticator code with roles in departments.

Others may use `actions` (staff accounts), `queries`, `accounts.account_email`, `links.send_resume_link`, and `visits` for what a visit holds.
"""

from portal.identity import events, rights

__all__ = ["events", "rights"]

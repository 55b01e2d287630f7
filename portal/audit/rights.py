"""Who may read the trail of events. It is a role of its own, because those who give roles are among those who are watched."""

from portal.core.access import Right, declare_rights

declare_rights({"audit.see": Right("記録(だれが何を見たか・変えたか)を調べる", ("auditor",))})

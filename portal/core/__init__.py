"""What every capability stands on: configuration, clock, database and tenancy, sessions, rights, audit events, jobs, text.

Others may use each module by its name (`portal.core.database`, `portal.core.access`, …); nothing in here knows a capability.
"""

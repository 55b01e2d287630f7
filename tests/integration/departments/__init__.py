"""Departments: added, changed, and closed with everything going to another one."""

"""Who people are: residents by a proved e-mail address, staff by password and authenticator code with roles in departments.

Row types are for annotations and for reading attributes. `staff_name`, `department_title` and `department_id_named` are SQL
expressions: they give the statements of others what these tables hold.
"""

from portal.identity import (
    belongings,
    city_administration,
    city_roles,
    department_administration,
    events,
    office_days,
    personnel_list,
    rights,
    rights_in_words,
    role_choice,
    staff_absences,
    staff_administration,
    staff_enrolment,
    staff_particulars,
    throttle,
    web_session,
)
from portal.identity.actions import create_staff
from portal.identity.addresses import normal_email
from portal.identity.browser_draft_key import browser_key, ensure_browser_key
from portal.identity.colleagues import lock_colleague
from portal.identity.departments import (
    department_by_key,
    department_id_named,
    department_title,
    departments_by_key,
    get_department,
    list_departments,
    lock_departments,
)
from portal.identity.links import send_resume_link
from portal.identity.models import CityRole, Department
from portal.identity.queries import (
    held_roles,
    read_staff,
    staff_name,
    staff_names,
    staff_of_department,
    staff_of_departments,
    staff_with_roles,
)
from portal.identity.resident_accounts import account_email, account_fingerprint, delete_idle_accounts
from portal.identity.sealed_columns import SEALED_COLUMNS
from portal.identity.staff_directory import ALL_DEPARTMENTS, DirectoryEntry, list_staff, staff_id_of
from portal.identity.staff_forms import RoleBoxes
from portal.identity.staff_sign_in import totp_sample

__all__ = [
    "ALL_DEPARTMENTS",
    "SEALED_COLUMNS",
    "CityRole",
    "Department",
    "DirectoryEntry",
    "RoleBoxes",
    "account_email",
    "account_fingerprint",
    "belongings",
    "browser_key",
    "city_administration",
    "city_roles",
    "create_staff",
    "delete_idle_accounts",
    "department_administration",
    "department_by_key",
    "department_id_named",
    "department_title",
    "departments_by_key",
    "ensure_browser_key",
    "events",
    "get_department",
    "held_roles",
    "list_departments",
    "list_staff",
    "lock_colleague",
    "lock_departments",
    "normal_email",
    "office_days",
    "personnel_list",
    "read_staff",
    "rights",
    "rights_in_words",
    "role_choice",
    "send_resume_link",
    "staff_absences",
    "staff_administration",
    "staff_enrolment",
    "staff_id_of",
    "staff_name",
    "staff_names",
    "staff_of_department",
    "staff_of_departments",
    "staff_particulars",
    "staff_with_roles",
    "throttle",
    "totp_sample",
    "web_session",
]

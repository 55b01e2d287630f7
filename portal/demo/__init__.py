"""Demo data of the project's own: three cities with departments, staff, procedures, map layers and some cases, all marked as demo.

`load` may be called again at any time; `sign_ins` says how to enter as staff. Real installations never load it.
"""

from portal.demo.load import load
from portal.demo.people import SignIn, sign_ins

__all__ = ["SignIn", "load", "sign_ins"]

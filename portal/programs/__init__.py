"""Programs of others that read the city's data with a key: GIS of a department, an open-data job.

A key names what may be read with it, is shown once, and is kept as a digest. This package does not know what a layer or a collection
of cases is: it keeps their names.
"""

from portal.programs import events, rights
from portal.programs.door import identify
from portal.programs.keys import Grantable, KeyGrant, KeyInUse, NewKey, create_key, get_key, keys_of, revoke_key
from portal.programs.models import ProgramKey

__all__ = [
    "Grantable",
    "KeyGrant",
    "KeyInUse",
    "NewKey",
    "ProgramKey",
    "create_key",
    "events",
    "get_key",
    "identify",
    "keys_of",
    "revoke_key",
    "rights",
]

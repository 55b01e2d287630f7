"""Credentials in tests: every member of staff has the same password and the same authenticator."""

PASSWORD = "川沿いの道を歩く 8km"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

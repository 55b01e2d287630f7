"""The fixed screen of paying."""

from portal.core.forms import Form, HiddenField, StringField


class StartForm(Form):
    """How it will be paid, and whether that takes the place of a voucher that was made before (`yes`)."""

    method = StringField("支払い方法")
    restart = HiddenField()

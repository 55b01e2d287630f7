"""The fixed screen of paying."""

from portal.core.forms import Form, HiddenField, RadioField


class StartForm(Form):
    """How it will be paid, and whether that takes the place of a voucher that was made before (`yes`)."""

    method = RadioField("支払い方法を選ぶ")
    restart = HiddenField()

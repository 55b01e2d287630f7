"""How one objects to a decision, which the city has to teach with it (教示, 行政不服審査法 82条, 行政事件訴訟法 46条)."""

from forms.definition.strict_model import StrictModel
from forms.text.localized import Text


class Appeal(StrictModel):
    """Where one objects to a decision (審査請求), the mayor where nobody is named, and whom one sues to have it cancelled (取消訴訟), else the city.

    With `review_first` a suit is possible only after the decision on the objection (審査請求前置).
    """

    authority: Text | None = None
    defendant: Text | None = None
    review_first: bool = False

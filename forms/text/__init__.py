"""Japanese text: width, kana, dates with eras, and the messages that residents read."""

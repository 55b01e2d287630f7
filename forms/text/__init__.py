"""Japanese text: width, kana, dates with eras, and the words of every message a resident reads."""

"""No tests but judgement: an installation of its own is fuzzed, walked through, raced and killed, and must keep its promises."""

"""CEL, Google's Common Expression Language, as definitions use it: typed, free of side effects, always ending."""

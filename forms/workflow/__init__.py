"""The life of a case as a table: states, moves, and where they lead. No session, clock or user in it."""

"""What the user can put right."""


class UsageError(Exception):
    """An argument or the data has to be put right: one line that names it, the rule, what it is, and the cure."""

"""The one exception that kdbot raises on purpose."""


class KdbotError(Exception):
    """Say what is broken outside of the data, where, and how to fix it.

    Bad input is a finding and a bug keeps its traceback; this is for the rest: a file that cannot
    be read or written, a configuration that contradicts itself, a service that cannot be reached.
    The command line prints the three parts on stderr and leaves with `exit_status`.
    """

    exit_status = 2

    def __init__(self, what: str, *, where: str | None = None, fix: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.fix = fix

    def __str__(self) -> str:
        """Render the message as `where: what (fix)`, leaving out the parts that are unknown."""
        place = f"{self.where}: " if self.where else ""
        remedy = f" ({self.fix})" if self.fix else ""
        return f"{place}{self.what}{remedy}"

"""The faults a user can mend: each message says what, where and what to do. Nothing here is for programming errors."""


class MonitorError(Exception):
    """A fault with a message for the user; the command line prints it without a traceback."""


class ConfigError(MonitorError):
    """A setting that is unknown or cannot be used."""


class SeedError(MonitorError):
    """A file under seeds/ that cannot be used, named with the key at fault."""

    def __init__(self, file: str, key: str, problem: str) -> None:
        super().__init__(f"{file}: {key}: {problem}" if key else f"{file}: {problem}")
        self.file, self.key, self.problem = file, key, problem


class PageError(MonitorError):
    """A page that was fetched and cannot be read as an article."""

    def __init__(self, url: str | None, problem: str) -> None:
        super().__init__(f"{url or 'page'}: {problem}")
        self.url, self.problem = url, problem


class StoreError(MonitorError):
    """The database is missing, locked, full, or of another version."""

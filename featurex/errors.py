"""The exception family: every error featurex raises on purpose is one of these."""


class FeaturexError(Exception):
    """Base of every error that featurex raises on purpose."""


class ParameterError(FeaturexError, ValueError):
    """A parameter breaks its rule; the message names it, the rule and what was given."""


class DataError(FeaturexError, ValueError):
    """A file, folder or data set cannot be used; the message names it and what to do."""


class UnfinishedError(DataError):
    """Work ended early, by what has nothing to do with the data; the same command goes on."""


class ImageError(DataError):
    """One image cannot be read: it belongs in the error table, not in the features.

    Parameters
    ----------
    reason : str
        One of the closed list `featurex.images.REASONS`.
    path : str
        The file, as the user named it.
    detail : str
        A sentence for people.
    """

    def __init__(self, reason, path, detail):
        super().__init__(f"{path}: {detail} [{reason}]")
        self.reason, self.path, self.detail = reason, str(path), detail

    def __reduce__(self):
        # The default rebuilds from `args`, one string: an error must survive the trip from a
        # worker.
        return type(self), (self.reason, self.path, self.detail)


class MissingExtraError(FeaturexError, ImportError):
    """An optional dependency is not installed; the message names the extra that brings it."""

    def __init__(self, extra, needed_for):
        super().__init__(
            f"{needed_for} needs the extra '{extra}': install it with pip install "
            f"'featurex-xray[{extra}]'"
        )
        self.extra, self.needed_for = extra, needed_for

    def __reduce__(self):
        return type(self), (self.extra, self.needed_for)

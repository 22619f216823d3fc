"""Classes that a question names: the labels of each, their order, and which is positive."""

from featurex.checks import check_choice, fail
from featurex.datasets.spelling import is_negative, plain
from featurex.errors import ParameterError


def list_values(classes):
    """List the labels of each class that a mapping names.

    Parameters
    ----------
    classes : dict
        Class -> a label, or a list of them; two classes or more.

    Returns
    -------
    listed : dict of str to tuple of str
        The same, as texts.

    Raises
    ------
    ParameterError
        If it is no such mapping, or a label stands in two classes.
    """
    if not isinstance(classes, dict) or len(classes) < 2:
        fail("task.classes", "a mapping of two or more classes to their labels", classes)
    listed, owners = {}, {}
    for name, values in classes.items():
        values = values if isinstance(values, list | tuple) else [values]
        if not values:
            fail(f"task.classes.{name}", "a label or a list of labels", classes[name])
        name = _write(name, "task.classes: the name of a class")
        listed[name] = tuple(_write(value, f"task.classes.{name}") for value in values)
        for value in listed[name]:
            owner = owners.setdefault(plain(value), name)
            if owner != name:
                raise ParameterError(
                    f"task.classes: the label {value!r} stands in {owner} and in {name}; name it "
                    "in one class alone"
                )
    return listed


def _write(value, where):
    """Write a label as it stands in a list; YAML makes numbers of some."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        fail(
            where,
            "a text or a number (YAML takes yes, no, true and false for more: quote them)",
            value,
        )
    return str(value)


def order_classes(names, positive, sort):
    """Put the names of classes into the order of their indices.

    Parameters
    ----------
    names : tuple of str
        The classes.
    positive : object or None
        Of two the one that comes second; None for the one that does not stand for no finding.
    sort : bool
        Whether several are sorted by name, those that stand for no finding first.

    Returns
    -------
    names : tuple of str

    Raises
    ------
    ParameterError
        As from `check_positive`.
    """
    if positive is not None:
        check_positive(positive, names)
        return (*(name for name in names if name != str(positive)), str(positive))
    negative = [is_negative(name, [other for other in names if other != name]) for name in names]
    if len(names) == 2 and sum(negative) != 1:
        return tuple(sorted(names)) if sort else names
    if len(names) > 2 and not sort:
        return names
    return tuple(name for _, name in sorted(zip(negative, names, strict=True), key=_rank))


def _rank(pair):
    negative, name = pair
    return not negative, name


def check_positive(positive, names):
    """Raise a ParameterError unless `positive` is one of two names.

    Parameters
    ----------
    positive : object
        As the user gave it.
    names : tuple of str
        The classes.
    """
    if len(names) > 2:
        raise ParameterError(
            f"task.positive is for two classes, but there are {len(names)}: {', '.join(names)}"
        )
    check_choice("task.positive", str(positive), names)


def note_positive(negative, positive):
    """Say which of two classes is positive, and why: str."""
    if is_negative(negative, [positive]) and not is_negative(positive, [negative]):
        return f"{positive} is the positive class, as {negative} stands for no finding"
    return (
        f"{positive} is the positive class, the second of two, as no name tells which of them "
        f"stands for no finding; for the other: --set task.positive={negative!r}"
    )

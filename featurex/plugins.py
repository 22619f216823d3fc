"""Classes that are not featurex's: a user's own file or package, imported because the user said so.

A configuration may name any class, since it is the user's. A model file comes from strangers: what
it names is looked up among the modules that the user has allowed, and nothing is ever imported for
it.
"""

import contextlib
import contextvars
import hashlib
import importlib
import importlib.util
import sys
import traceback
from pathlib import Path

from featurex.errors import ParameterError

# Module -> its file ("" where it has none), of modules all of whose classes the user has allowed.
ALLOWED = {}
# Names of single classes, as `allowing` has them.
_NAMES = contextvars.ContextVar("_NAMES", default=frozenset())


def load_plugin(source):
    r"""Import a file of the user's, or a package by its name, and allow its classes.

    Parameters
    ----------
    source : str or path-like
        A .py file, whose classes are then called after it (``Peak`` of ``mine.py`` is
        ``mine.Peak``), or the name of an installed module.

    Raises
    ------
    ParameterError
        If it cannot be imported; the message holds what it raised, and where.

    Examples
    --------
    >>> with open("mine.py", "w") as file:
    ...     _ = file.write("class Peak:\n    pass\n")
    >>> load_plugin("mine.py")
    >>> find_class("mine.Peak", "features.peak.class").__name__
    'Peak'
    """
    path = Path(source)
    if path.suffix != ".py":
        ALLOWED[str(source)] = _import(str(source), "--plugin")
        return
    if not path.is_file():
        raise ParameterError(f"--plugin: there is no file {source}")
    known = sys.modules.get(path.stem)
    if known is not None and not _is_from(known, path):
        raise ParameterError(
            f"--plugin: {source} is called as the module {path.stem}, which is loaded already; "
            f"give the file another name"
        )
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[path.stem]
        raise ParameterError(f"--plugin: {source} cannot be imported: {_tell(error)}") from error
    ALLOWED[path.stem] = module.__file__
    _send_along(module)


@contextlib.contextmanager
def allowing(classes):
    """Allow single classes, as long as the context lasts.

    Parameters
    ----------
    classes : sequence of class or str
        Each itself, or its name as "package.module.Name", whose module may then be imported.

    Raises
    ------
    ParameterError
        If one is neither.

    Examples
    --------
    >>> with allowing(["colorsys.Name", "fractions.Fraction"]):
    ...     find_class("fractions.Fraction", "models.x.class").__name__
    'Fraction'
    """
    if isinstance(classes, str):
        classes = [classes]
    names = {name if isinstance(name, str) else name_class(name) for name in classes}
    for name in names:
        if not all(name.rpartition(".")):
            raise ParameterError(
                f"a class is allowed by its whole name, as package.module.Name, but {name!r} was "
                "given"
            )
    token = _NAMES.set(_NAMES.get() | names)
    try:
        yield
    finally:
        _NAMES.reset(token)


def is_allowed(name):
    """Whether the user has allowed a class, as "package.module.Name", or all of its module."""
    return name in _NAMES.get() or name.rpartition(".")[0] in ALLOWED


def name_class(kind):
    """Name a class so that `find_class` finds it again.

    Parameters
    ----------
    kind : class
        At the top of its module.

    Returns
    -------
    name : str
        As "package.module.Name".

    Raises
    ------
    ParameterError
        If its module does not hold it.
    """
    if getattr(sys.modules.get(kind.__module__), kind.__qualname__, None) is not kind:
        raise ParameterError(
            f"the class {kind.__module__}.{kind.__qualname__} cannot be found again by its name: "
            "define it at the top of a module, and not within a function or class"
        )
    return f"{kind.__module__}.{kind.__qualname__}"


def find_class(name, where, importing=False):
    """Find a class by its module and name.

    Parameters
    ----------
    name : str
        As "package.module.Name".
    where : str
        The place in the configuration, for messages.
    importing : bool
        Whether its module may be imported, and is allowed from then on.

    Returns
    -------
    member : class

    Raises
    ------
    ParameterError
        If there is no such class, or it may not be imported.
    """
    module_name, _, class_name = name.rpartition(".")
    if module_name not in ALLOWED:
        if not importing and not is_allowed(name):
            raise ParameterError(f"{where}: {explain_allowing([name])}")
        file = _import(module_name, where)
        if importing:
            ALLOWED[module_name] = file
    member = getattr(sys.modules[module_name], class_name, None)
    if not isinstance(member, type):
        raise ParameterError(f"{where}: {module_name} has no class {class_name}")
    return member


def explain_allowing(names):
    """Say how to allow classes that are not featurex's, in one sentence.

    Parameters
    ----------
    names : sequence of str
        As "package.module.Name"; at least one.

    Returns
    -------
    sentence : str
    """
    # A file has no dots in the name of its module.
    files = dict.fromkeys(f"{name.rpartition('.')[0]}.py" for name in names if name.count(".") == 1)
    options = " ".join(f"--allow {name}" for name in names)
    if files:
        options = (
            f"{' '.join(f'--plugin {file}' for file in files)}, or, where installed, {options}"
        )
    return (
        f"{' and '.join(names)} {'is no class' if len(names) == 1 else 'are no classes'} of "
        f"featurex; if you trust it, allow it with {options} (in Python: "
        f"load_model(path, allow=[{', '.join(map(repr, names))}]))"
    )


def find_culprit(error):
    """Say which plugin raised an error, in one sentence; None if none did.

    Parameters
    ----------
    error : Exception
        Raised in this process or in a worker.

    Returns
    -------
    sentence : str or None
    """
    files = {file: module for module, file in ALLOWED.items() if file}
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            if frame.filename in files:
                return _blame(files[frame.filename], frame.filename, frame.lineno, error)
        # What a worker raised comes with its traceback as a text.
        for file, module in files.items():
            if f'File "{file}", line ' in str(error.__cause__):
                line = str(error.__cause__).rpartition(f'File "{file}", line ')[2].split(",")[0]
                return _blame(module, file, line, error)
        error = error.__cause__ or error.__context__
    return None


def digest_plugins():
    """Digest the files of plugins, on which the values of their columns depend.

    Returns
    -------
    digest : str
        "" without plugins.
    """
    digest = hashlib.sha256()
    files = sorted(file for file in ALLOWED.values() if file)
    for file in files:
        digest.update(Path(file).read_bytes())
    return digest.hexdigest() if files else ""


def _import(name, where):
    """Import a module: its file, "" where it has none."""
    try:
        module = importlib.import_module(name)
    except Exception as error:
        raise ParameterError(f"{where}: cannot import {name}: {_tell(error)}") from error
    return getattr(module, "__file__", None) or ""


def _send_along(module):
    """Send the module's classes to workers by value: they cannot import a file by its name."""
    # Older versions of joblib bring their own copy; Dask always uses the package.
    for name in ("cloudpickle", "joblib.externals.cloudpickle"):
        if importlib.util.find_spec(name) is not None:
            importlib.import_module(name).register_pickle_by_value(module)


def _is_from(module, path):
    file = getattr(module, "__file__", None)
    return file is not None and Path(file).resolve() == path.resolve()


def _tell(error):
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = f" (line {last[0].lineno} of {last[0].filename})" if last else ""
    return f"{type(error).__name__}: {error}{where}"


def _blame(module, file, line, error):
    first = (str(error).splitlines() or [""])[0]
    return (
        f"the plugin {module} raised {type(error).__name__}: {first} (line {line} of {file}); "
        f"nothing of featurex failed"
    )

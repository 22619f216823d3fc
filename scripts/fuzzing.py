"""What the fuzzing scripts share: changed files are tried in other processes, and counted."""

import collections
import concurrent.futures
import faulthandler
import sys
import traceback

try:
    import resource
except ImportError:
    # Windows has no such module: memory is not measured there.
    resource = None

SECONDS = 20
# What is wrong is written in capitals.
CRASHES, RAISES = "CRASHES OR HANGS", "RAISES"


def count_outcomes(change, use, refusal, mutations, keep=None):
    """Change a file again and again, use it, and count what becomes of it.

    Parameters
    ----------
    change : callable
        Writes the next changed file.
    use : callable
        Uses it, and says what came of it in a word or two. A use of more than 20 seconds ends the
        process, and so does a crash.
    refusal : type
        The error with which a file is refused.
    mutations : int
        How often.
    keep : callable or None
        Takes the number of a file at which another error was raised.

    Returns
    -------
    counts : collections.Counter
        How often each outcome came.
    growth : float
        Of the process's largest memory after the first tenth, MB; NaN where it is not measured.
    """
    counts, before = collections.Counter(), float("nan")
    for number in range(mutations):
        change()
        outcome = _try_once(use, refusal)
        counts[outcome] += 1
        if keep is not None and outcome.startswith(RAISES):
            keep(number)
        if number == mutations // 10:
            before = _measure_memory()
    return counts, _measure_memory() - before


def run(jobs, function):
    """Call a function for each job in a process of its own, and print a table.

    Parameters
    ----------
    jobs : dict of str to tuple
        Title of a row to the function's arguments.
    function : callable
        Returns what `count_outcomes` does.

    Returns
    -------
    code : int
        1 where anything crashed, hung or raised another error, else 0.
    """
    total = collections.Counter()
    for title, arguments in jobs.items():
        with concurrent.futures.ProcessPoolExecutor(1) as pool:
            try:
                counts, growth = pool.submit(function, *arguments).result()
            except concurrent.futures.process.BrokenProcessPool:
                counts, growth = {CRASHES: 1}, float("nan")
        total.update(counts)
        print(f"{title:34} {_describe(counts)}; memory {growth:+.0f} MB", flush=True)
    print(f"{'all':34} {_describe(total)}")
    return int(any(outcome.startswith((CRASHES, RAISES)) for outcome in total))


def _try_once(use, refusal):
    """Use a file: what came of it, in a word or two."""
    # A thread that needs no interpreter: compiled loops that do not end are met, too.
    faulthandler.dump_traceback_later(SECONDS, exit=True)
    try:
        return use()
    except refusal:
        return "refused"
    except Exception as error:
        print("".join(traceback.format_exception(error)[-3:]), file=sys.stderr)
        return f"{RAISES} {type(error).__name__}"
    finally:
        faulthandler.cancel_dump_traceback_later()


def _measure_memory():
    """The largest memory of this process so far, MB."""
    if resource is None:
        return float("nan")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def _describe(counts):
    return ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(counts.items()))

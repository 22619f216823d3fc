"""Section: what is needed to run the benchmark again."""

from dataclasses import asdict

import yaml

from featurex.report.section import Section


def make_section(record):
    """Show command, seed, versions, machine and configuration.

    Parameters
    ----------
    record : Record
        The run.

    Returns
    -------
    section : Section
    """
    info = record.info
    values = {
        "command": " ".join(info.command),
        "created": info.created,
        "data": {"seed": info.seed, "digest of the files": info.dataset.digest},
        "machine": asdict(info.machine),
        "versions": info.versions,
        "configuration": yaml.safe_dump(
            info.configuration, sort_keys=False, default_flow_style=None
        ),
    }
    return Section("rerun", "Run it again", "Run it again", values=values, wide=True)

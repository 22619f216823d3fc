"""The documentation says what the code does."""

import re
import runpy
from pathlib import Path
from shutil import copytree

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])


def test_features_md_is_made_from_the_classes_as_they_are():
    script = runpy.run_path(str(ROOT / "scripts" / "make_features_doc.py"))
    expected = script["render"]()
    assert script["TARGET"].read_text(encoding="utf-8") == expected, (
        "run python scripts/make_features_doc.py"
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_files_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_readme_holds_the_two_commands_that_ci_runs():
    commands = re.findall(
        r"^python3 -m venv .*$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(commands) == 2
    assert all("-c constraints.txt" in command for command in commands)
    assert commands[0].endswith("featurex benchmark")
    assert commands[1].endswith("pytest")


def test_the_readmes_python_block_runs(drawn, tmp_path, monkeypatch):
    block = re.search(
        r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
    ).group(1)
    copytree(drawn(), tmp_path / "chest_xray")
    monkeypatch.chdir(tmp_path)
    exec(compile(block, "README.md", "exec"), {})
    assert (tmp_path / "features.parquet").stat().st_size > 0


def test_the_script_to_start_from_runs(drawn, tmp_path):
    script = runpy.run_path(str(ROOT / "scripts" / "extract_features.py"))
    script["main"](str(drawn()), str(tmp_path / "features.parquet"))
    assert (tmp_path / "features.parquet").stat().st_size > 0


@pytest.mark.parametrize("path", ["/work/", "/root/", "/home/", "/opt/"])
def test_no_page_names_a_place_on_one_machine(path):
    for page in PAGES:
        assert path not in page.read_text(encoding="utf-8"), page.name


def test_constraints_pin_every_dependency():
    import configparser

    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    wanted = config["options"]["install_requires"] + "".join(
        config["options.extras_require"].values()
    )
    names = set(re.findall(r"^\s*([A-Za-z][\w.-]*)", wanted, re.MULTILINE))
    pinned = {
        line.partition("==")[0].lower()
        for line in (ROOT / "constraints.txt").read_text().splitlines()
    }
    assert {name.lower() for name in names} <= pinned


def test_the_oldest_constraints_are_the_floors_of_setup_cfg():
    import configparser

    from packaging.version import Version

    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    extras = config["options.extras_require"]
    wanted = config["options"]["install_requires"] + extras["dicom"] + extras["excel"]
    floors = dict(re.findall(r"^\s*([a-z][\w.-]*) >=([\w.]+)", wanted, re.MULTILINE))
    # It has no wheel for Linux that is wanted there.
    floors.pop("xgboost", None)
    pinned = dict(
        line.lower().split("==")
        for line in (ROOT / "constraints-oldest.txt").read_text().splitlines()
        if "==" in line
    )
    assert {name: Version(pinned[name]) for name in floors} == {
        name: Version(floor) for name, floor in floors.items()
    }

"""The reference of the site: docs/api.md lists what there is, and each module gets a page.

mkdocs.yml names this file twice: as a hook of MkDocs, which makes the pages, and as an extension of
Griffe, which reads the docstrings.
"""

import inspect
import pkgutil
import re

import griffe
from mkdocs.structure.files import File

_INDEX = "api.md"


def on_config(config):
    """Put the pages into the navigation, by the sections of docs/api.md."""
    sections = {}
    for page, (section, _) in _list_pages(config).items():
        sections.setdefault(section, []).append({page.removeprefix("featurex."): _file(page)})
    for part in config.nav:
        if "Reference" in part:
            part["Reference"][1:1] = [{name: pages} for name, pages in sections.items()]
    return config


def on_files(files, config):
    """Add the pages, which are on no disk."""
    for page, (_, names) in _list_pages(config).items():
        listed = "\n\n".join(f"::: {name}" for name in names)
        title = page.replace(".", ".<wbr>")
        content = f"# {title}\n\n[← Library](../{_INDEX})\n\n{listed}\n"
        files.append(File.generated(config, _file(page), content=content))
    return files


def on_page_markdown(markdown, page, config, files):
    """List every name with its first sentence, in the place of its description."""
    if page.file.src_uri != _INDEX:
        return markdown
    homes = {name: home for home, (_, names) in _list_pages(config).items() for name in names}

    def describe(match):
        name = match[1]
        words = re.split(r"\n\n|(?<=\.)\s", inspect.getdoc(pkgutil.resolve_name(name)))[0]
        title = name if name in homes.values() else name.rpartition(".")[2]
        return f"- [`{title}`]({_file(homes[name])}#{name}): {' '.join(words.split())}"

    return re.sub(r"^::: (\S+)$\n?", describe, markdown, flags=re.MULTILINE)


def _list_pages(config):
    """List the pages: dict of the module's name to its section and the names that it holds."""
    pages, section = {}, ""
    with open(f"{config.docs_dir}/{_INDEX}", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("## "):
                section = line[3:].strip()
            elif line.startswith("::: "):
                name = line[4:].strip()
                module = inspect.ismodule(pkgutil.resolve_name(name))
                page = name if module else name.rpartition(".")[0]
                pages.setdefault(page, (section, []))[1].append(name)
    return pages


def _file(page):
    return f"api/{page.removeprefix('featurex.')}.md"


class AsWritten(griffe.Extension):
    """Shows types as docstrings have them, which Griffe reads as code, and references by line."""

    def on_package(self, *, pkg, **_):
        """Mend every docstring of the package."""
        self._mend(pkg)

    def _mend(self, thing):
        for section in thing.docstring.parsed if thing.docstring else ():
            if section.title == "References":
                # A line that begins with initials begins a reference, but for lists of authors.
                lines = re.sub(r"(?<!,)\n(?=[A-Z]\. )", "\n\n", section.value.contents)
                section.value.contents = lines
            for part in section.value if isinstance(section.value, list) else ():
                type_ = getattr(part, "annotation", None)
                if isinstance(type_, griffe.Expr) and not isinstance(type_, griffe.ExprName):
                    part.annotation = _restore(str(type_), thing.docstring.value)
        for member in thing.members.values():
            if not member.is_alias:
                self._mend(member)


def _restore(words, docstring):
    """Find in a docstring what Griffe has written with other spaces, brackets and quotes."""
    bare = "".join(words.split())
    for wanted in (bare, bare.removeprefix("(").removesuffix(")")):
        signs = r"""[\s"']*""".join(map(re.escape, wanted)).replace(r"\)", r",?\)")
        if found := re.search(rf"""["']?{signs}["']?""", docstring):
            return found[0]
    return words

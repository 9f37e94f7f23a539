"""The files of a new Alembic set-up: Alembic's own templates, told where models and database are."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.schema import Table

from .alembic_config import require_alembic
from .alembic_metadata import refuse_half_imported
from .database import ENVIRONMENT, engines
from .drivers import ASYNCHRONOUS
from .failures import RequestError
from .load import mapped_classes

FOLDER = "migrations"


def set_up_files(loaded: Any, folder: str) -> dict[str, str]:
    """Path in the project to content. RequestError when something is there already."""
    require_alembic(loaded, set_up=True)
    refuse_half_imported(loaded)
    taken = [name for name in ("alembic.ini", FOLDER) if os.path.exists(os.path.join(loaded.root, name))]
    if taken:
        raise RequestError("Alembic is not set up, because there is already: {}".format(" and ".join(taken)))
    found = engines(loaded.root)
    asynchronous = bool(found) and found[0][1].dialect.driver in ASYNCHRONOUS
    files = from_templates(folder, "async" if asynchronous else "generic")
    roots = [os.path.relpath(path, loaded.root) for path in sys.path if path.startswith(loaded.root + os.sep)]
    own = [path for path in roots if not path.startswith((".", "..")) and "site-packages" not in path]
    files["alembic.ini"] = configured_ini(files["alembic.ini"], own)
    env = FOLDER + "/env.py"
    files[env] = configured_env(files[env], found, loaded)
    return files


def from_templates(folder: str, template: str) -> dict[str, str]:
    from alembic import command
    from alembic.config import Config

    before = os.getcwd()
    os.chdir(folder)  # a relative folder makes Alembic write %(here)s into the ini file
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            command.init(Config(os.path.join(folder, "alembic.ini"), stdout=io.StringIO()), FOLDER, template=template)
    finally:
        os.chdir(before)
    files = {}
    for name in ("alembic.ini", *(FOLDER + "/" + name for name in ("env.py", "script.py.mako", "README"))):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            files[name] = file.read()
    files[FOLDER + "/versions/.gitkeep"] = ""
    return files


def configured_ini(text: str, roots: list[str]) -> str:
    lines = []
    for line in text.splitlines():
        if line.startswith("sqlalchemy.url"):
            line = "# The URL is set in {}/env.py.\nsqlalchemy.url =".format(FOLDER)
        elif line.startswith("prepend_sys_path") and roots:
            line = "prepend_sys_path = %(here)s/{}".format(roots[0])
        lines.append(line)
    return "\n".join(lines) + "\n"


def configured_env(text: str, found: list[Any], loaded: Any) -> str:
    imports, metadata = metadata_lines()
    url_imports, url = url_lines(found, loaded)
    placeholder = "target_metadata = None"
    if placeholder not in text:
        raise RequestError("this version of Alembic has a template that is not known: run `alembic init` by hand")
    text = text.replace(placeholder, "\n".join([metadata, "", url]))
    text = text.replace("target_metadata=target_metadata", "target_metadata=target_metadata, render_as_batch=True")
    start = text.index("# this is the Alembic Config object")
    return text[:start] + "\n".join([*url_imports, *imports]) + "\n\n" + text[start:]


def metadata_lines() -> tuple[list[str], str]:
    """(imports of the bases and of every module with models, the assignment)."""
    bases: dict[int, tuple[str, str]] = {}
    modules: dict[str, None] = {}
    for model in mapped_classes():
        if not isinstance(inspect(model).local_table, Table):
            continue
        modules[model.__module__] = None
        bases.setdefault(id(model.metadata), base_of(model))
    if not bases:
        raise RequestError("no mapped model was found: there is nothing to migrate")
    imports = ["import {}  # noqa: F401 - declares its tables".format(module) for module in modules]
    imports += ["from {} import {}".format(*base) for base in bases.values()]
    names = ["{}.metadata".format(name) for _, name in bases.values()]
    return imports, "target_metadata = " + (names[0] if len(names) == 1 else "[{}]".format(", ".join(names)))


def base_of(model: Any) -> tuple[str, str]:
    """The outermost class with this metadata that a module holds under its own name."""
    for cls in reversed(model.__mro__):
        found: Any = getattr(sys.modules.get(cls.__module__), cls.__name__, None)
        if found is cls and getattr(cls, "metadata", None) is model.metadata:
            return str(cls.__module__), str(cls.__name__)
    return str(model.__module__), str(model.__name__)


def url_lines(found: list[Any], loaded: Any) -> tuple[list[str], str]:
    """How env.py gets the URL: from the project's engine, or from the environment."""
    setting = 'config.set_main_option("sqlalchemy.url", {}.replace("%", "%%"))'
    if found:
        module, _, variable = found[0][0].rpartition(".")
        url = "{}.url.render_as_string(hide_password=False)".format(variable)
        return ["from {} import {}".format(module, variable)], setting.format(url)
    name = next((name for name in ENVIRONMENT if os.environ.get(name)), None)
    if name is None:
        raise RequestError("no database is known: make an engine at module level, or set {}".format(ENVIRONMENT[0]))
    return ["import os"], setting.format('os.environ["{}"]'.format(name))

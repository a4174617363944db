"""The one way to read a YAML data file that lies beside the code."""

from __future__ import annotations

from importlib.resources import files
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from contracts.errors import BadInput

__all__ = ["DataFile", "load_data"]

# The C parser reads the longer lists some eight times faster, where it was built.
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class DataFile(BaseModel):
    """What every data file states of itself; a key that nobody asked for is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    source: str


_File = TypeVar("_File", bound=DataFile)


def load_data(package: str, name: str, model: type[_File]) -> _File:
    """The file `data/<name>` of `package` as `model`. Not cached: the caller knows how long.

    Raises:
        BadInput: the file is not YAML, or its keys are not those of `model`; names the
            file, the place and what is wrong there.
    """
    resource = files(package).joinpath("data", name)
    where = f"{package.replace('.', '/')}/data/{name}"
    try:
        raw = yaml.load(resource.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
        return model.model_validate(raw)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        raise BadInput(f"{where}{line}: not valid YAML; mend the file") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "top level"
        raise BadInput(f"{where}, {place}: {first['msg']}; mend the file") from error

"""GDAL in a process of its own, which reads as it is told, a line of JSON for each: inside it nothing else runs while it waits for an answer."""

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyogrio
from shapely import from_wkb


class Gdal:
    """The other process, until the `with` block ends."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=60)

    def layers(self, source: str) -> list[str]:
        """The names of the layers of a source."""
        return list(self._ask({"source": source, "layer": None, "options": {}})["layers"])

    def read(self, source: str, layer: str, **options: Any) -> dict[str, Any]:
        """What `pyogrio.raw.read` gives: `crs`, `centres` (x, y of each feature) and the values of each column. `key` is sent as a program's key."""
        return self._ask({"source": source, "layer": layer, "options": options})

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer


def _answer(source: str, layer: str | None, options: dict[str, Any]) -> dict[str, Any]:
    key = options.pop("key", None)
    by_key = {"GDAL_HTTP_AUTH": "BEARER" if key else None, "GDAL_HTTP_BEARER": key}
    pyogrio.set_gdal_config_options({"GDAL_HTTP_TIMEOUT": "20", **by_key})
    if layer is None:
        return {"layers": [str(name) for name, _kind in pyogrio.list_layers(source)]}
    if "bbox" in options:
        options["bbox"] = tuple(options["bbox"])
    meta, _ids, shapes, columns = pyogrio.raw.read(source, layer=layer, **options)
    centres = [(shape.centroid.x, shape.centroid.y) for shape in map(from_wkb, shapes)]
    values = {str(name): [str(value) for value in column] for name, column in zip(meta["fields"], columns, strict=True)}
    return {"crs": str(meta["crs"]), "centres": centres, "columns": values}


if __name__ == "__main__":
    for line in sys.stdin:
        try:
            print(json.dumps(_answer(**json.loads(line))), flush=True)
        except Exception as error:
            print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)

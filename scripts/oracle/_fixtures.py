"""Where and how oracle scripts write their fixtures: compact JSON in tests/fixtures, one item a line, so that diffs can be read."""

import json
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "tests" / "fixtures"


def _dump(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def write(name, value):
    """Writes a dict or a list, with one line for each of its items."""
    if isinstance(value, dict):
        lines = [f"{_dump(key)}:{_dump(item)}" for key, item in value.items()]
        text = "{\n" + ",\n".join(lines) + "\n}\n"
    else:
        text = "[\n" + ",\n".join(_dump(item) for item in value) + "\n]\n"
    path = FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(f"{path.relative_to(FOLDER.parents[1])}: {len(text)} bytes")

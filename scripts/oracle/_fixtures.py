"""Where and how oracle scripts write their fixtures: compact JSON in tests/fixtures, one item a line, so that diffs can be read."""

import json
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "tests" / "fixtures"


def _dump(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _lines(value, depth):
    """JSON text with a line for each item, down to a depth."""
    if depth == 0 or not value or not isinstance(value, (dict, list)):
        return _dump(value)
    if isinstance(value, dict):
        items, (start, end) = [f"{_dump(key)}:{_lines(item, depth - 1)}" for key, item in value.items()], "{}"
    else:
        items, (start, end) = [_lines(item, depth - 1) for item in value], "[]"
    return f"{start}\n" + ",\n".join(items) + f"\n{end}"


def write(name, value, depth=1):
    """Writes a dict or a list, with one line for each of its items, of their items ... down to a depth."""
    text = _lines(value, depth) + "\n"
    path = FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(f"{path.relative_to(FOLDER.parents[1])}: {len(text)} bytes")

"""Runs the rows of tests/cases/linear/*.json (linear algebra, transforms, numerics) in real NumPy -> tests/fixtures/linear_cases.json.gz. The rows' form:
tests/cases/numpy/README.md."""

from numpy_cases import CASES, write_cases

write_cases(CASES.parent / "linear", "linear_cases.json.gz")

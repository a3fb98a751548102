# What people and CI run. `uv run just` lists it; just itself comes with the development dependencies.

_default:
    @just --list

# install everything, as locked
setup:
    uv sync --locked

# all tests
test *ARGS:
    uv run pytest {{ARGS}}

# what an editor makes of the schema: needs npm, which installs yaml-language-server into a folder of the run
test-editor *ARGS:
    uv run pytest -m editor -n 0 {{ARGS}}

# what a real Spark answers: needs Java 17 and uv, which brings Spark; starts a master, two workers and a Connect server
test-spark *ARGS:
    uv run python -m tests.spark.cluster pytest -n 0 -m 'spark or not spark' tests/spark tests/warehouse/test_spark.py \
        tests/warehouse/test_spark_look.py tests/workflow/test_spark_warehouse.py {{ARGS}}

# style, types, layers
lint:
    uv run ruff check
    uv run ruff format --check
    uv run mypy
    uv run lint-imports

# what CI runs
check: lint test

# the table of benchmarks
bench *ARGS:
    uv run python -m benchmarks {{ARGS}}

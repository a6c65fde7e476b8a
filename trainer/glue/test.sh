#!/usr/bin/env bash
# Lint, format and tests of trainer/glue, and lint and format of trainer/drive.py, offline and on the CPU. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")"
venv=$(./environment.sh)
tests=../../test/trainer/glue
export HF_HUB_OFFLINE=1 CUDA_VISIBLE_DEVICES='' OMP_NUM_THREADS=1 TOKENIZERS_PARALLELISM=false PYTHONDONTWRITEBYTECODE=1
"$venv/bin/ruff" check --quiet --no-cache --config pyproject.toml . "$tests"
"$venv/bin/ruff" format --quiet --no-cache --check --config pyproject.toml . "$tests"
# The driver has to run on whatever Python a GPU machine has.
"$venv/bin/ruff" check --quiet --no-cache --config pyproject.toml --target-version py39 ../drive.py
"$venv/bin/ruff" format --quiet --no-cache --check --config pyproject.toml --target-version py39 ../drive.py
"$venv/bin/python" -m pytest --quiet "$@"

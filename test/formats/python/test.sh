#!/usr/bin/env bash
# Syne Tune loads and simulates what bench export writes, and bench import reads what Syne Tune writes. Offline once the
# environment is there. The Python of benchmarks/peers is linted with it.
set -euo pipefail
cd "$(dirname "$0")"
venv=$(./environment.sh)
export PYTHONDONTWRITEBYTECODE=1
peers=../../../benchmarks/peers
"$venv/bin/ruff" check --quiet --no-cache --config pyproject.toml . "$peers"
"$venv/bin/ruff" format --quiet --no-cache --check --config pyproject.toml . "$peers"
cd ../../..
RUNGBENCH_SYNE_TUNE=$venv/bin/python npx vitest run test/formats/syne-tune.test.ts

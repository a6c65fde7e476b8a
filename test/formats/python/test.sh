#!/usr/bin/env bash
# Syne Tune loads and simulates what bench export writes, and bench import reads what Syne Tune writes. Offline once the
# environment is there.
set -euo pipefail
cd "$(dirname "$0")"
venv=$(./environment.sh)
export PYTHONDONTWRITEBYTECODE=1
"$venv/bin/ruff" check --quiet --no-cache .
"$venv/bin/ruff" format --quiet --no-cache --check .
cd ../../..
RUNGBENCH_SYNE_TUNE=$venv/bin/python npx vitest run test/formats/syne-tune.test.ts

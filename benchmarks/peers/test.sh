#!/usr/bin/env bash
# The comparison with Syne Tune at a small size. Offline once the environment is there.
set -euo pipefail
cd "$(dirname "$0")"
python=$(./environment.sh)/bin/python
cd ../..
PYTHONDONTWRITEBYTECODE=1 RUNGBENCH_PEERS=$python npx vitest run test/benchmarks

#!/usr/bin/env bash
# The SageMaker tests with everything they say recorded, the recording held to botocore's models of the services, and the
# same calls made of moto's server. Offline once the environment is there.
set -euo pipefail
cd "$(dirname "$0")"
venv=$(./environment.sh)
export PYTHONDONTWRITEBYTECODE=1
"$venv/bin/ruff" check --quiet --no-cache .
"$venv/bin/ruff" format --quiet --no-cache --check .
"$venv/bin/python" extract_model.py --check
"$venv/bin/python" test_validate.py
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd ../../..
export RUNGBENCH_SAGEMAKER_RECORD=$scratch/calls.jsonl RUNGBENCH_MOTO=$venv/bin/moto_server
npx vitest run test/sagemaker test/backends/sagemaker
"$venv/bin/python" test/sagemaker/python/validate.py "$RUNGBENCH_SAGEMAKER_RECORD"

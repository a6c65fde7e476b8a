#!/usr/bin/env bash
# Makes the virtual environment of test/formats/python, or finds the one that was made, and prints its folder.
#
# It lies in ${XDG_CACHE_HOME:-$HOME/.cache}/rungbench/formats-CHECKSUM, by the checksum of the requirements and of
# Python's version. PYTHON names the Python to use (default python3, at least 3.10).
set -euo pipefail
cd "$(dirname "$0")"
python=${PYTHON:-python3}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/rungbench

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
  { echo "environment.sh: PYTHON must be Python 3.10 or newer, got $("$python" --version 2>&1); set PYTHON" >&2; exit 2; }
checksum=$({ "$python" --version; cat requirements.txt requirements-no-deps.txt; } |
  "$python" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest()[:16])')
venv=$cache/formats-$checksum

mkdir -p "$cache"
if command -v flock > /dev/null; then exec 9> "$venv.lock"; flock 9; fi
if [ ! -f "$venv/complete" ]; then
  echo "environment.sh: making $venv (about 700 MB)" >&2
  rm -rf "$venv"
  "$python" -m venv "$venv"
  pip() { "$venv/bin/python" -m pip --quiet --disable-pip-version-check install "$@" >&2; }
  pip -r requirements.txt
  pip --no-deps -r requirements-no-deps.txt
  touch "$venv/complete"
fi
echo "$venv"

#!/usr/bin/env bash
# Makes a virtual environment of one of the Python parts, or finds the one that was made, and prints its folder.
#
#   python-environment.sh NAME [REQUIREMENTS ...] [--no-deps REQUIREMENTS]
#
# It lies in ${XDG_CACHE_HOME:-$HOME/.cache}/rungbench/NAME-CHECKSUM, by the checksum of Python's version and of the
# requirements: others make another one. What --no-deps names is installed last, without what it requires itself.
# PYTHON names the Python to use (default python3, at least 3.10).
set -euo pipefail
python=${PYTHON:-python3}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/rungbench
name=$1
shift
files=()
with_deps=()
no_deps=()
while [ $# -gt 0 ]; do
  if [ "$1" = --no-deps ]; then
    shift
    no_deps+=(-r "$1")
  else
    with_deps+=(-r "$1")
  fi
  files+=("$1")
  shift
done

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
  { echo "python-environment.sh: PYTHON must be Python 3.10 or newer, got $("$python" --version 2>&1); set PYTHON" >&2; exit 2; }
checksum=$({ "$python" --version; cat "${files[@]}"; } |
  "$python" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest()[:16])')
venv=$cache/$name-$checksum

mkdir -p "$cache"
# Where there is no flock, two first builds at a time are up to the user.
if command -v flock > /dev/null; then exec 9> "$venv.lock"; flock 9; fi
if [ ! -f "$venv/complete" ]; then
  echo "python-environment.sh: making $venv" >&2
  rm -rf "$venv"
  "$python" -m venv "$venv"
  pip() { "$venv/bin/python" -m pip --quiet --disable-pip-version-check install "$@" >&2; }
  pip "${with_deps[@]}"
  [ ${#no_deps[@]} = 0 ] || pip --no-deps "${no_deps[@]}"
  touch "$venv/complete"
fi
echo "$venv"

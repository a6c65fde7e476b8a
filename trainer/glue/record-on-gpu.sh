#!/usr/bin/env bash
# Records a table of fine-tuning runs, several of which share one GPU. Stops by itself before its time is over; the same
# command goes on where it stopped.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

usage() {
  cat <<'TEXT'
usage: trainer/glue/record-on-gpu.sh --data DIR [options]

  --data DIR         folder of the GLUE data, with a folder per task
  --recording NAME   what to record, a name or the path of a module (default: minilm-mrpc)
  --out TABLE.arrow  the table to write (default: surrogates/NAME/NAME.arrow)
  --workers N        trainings that share the GPU (default: processors less 2, from 1 to 12)
  --minutes M        stop after so many minutes (default: 9)
  --limit N          stop after so many trainings
  --cpu              record on the processor; without it a machine without a GPU is refused

It writes TABLE.arrow.journal.jsonl, one line per finished training the moment it ends, and TABLE.arrow when all are done;
TABLE.arrow.logs holds the output of trainings that run or failed. It needs Node and this repository with its packages
(npm ci); it makes the Python environment with environment.sh, or takes the Python that GLUE_PYTHON names.
TEXT
}
fail() { echo "record-on-gpu.sh: $*" >&2; exit 2; }
whole() { [[ $2 =~ ^[1-9][0-9]*$ ]] || fail "$1: must be a whole number of at least 1, got \"$2\"; give one such as 4"; }

data='' recording=minilm-mrpc out='' workers='' minutes=9 limit='' cpu=false
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --cpu) cpu=true; shift; continue ;;
    --data | --recording | --out | --workers | --minutes | --limit)
      [ $# -ge 2 ] || fail "$1: has no value; see --help"
      declare "${1#--}=$2"; shift 2 ;;
    *) fail "$1: is not an option; see --help" ;;
  esac
done
[ -n "$data" ] || fail '--data: is missing; give the folder of the GLUE data'
[ -d "$data" ] || fail "--data: must be a folder, got \"$data\"; give the folder of the GLUE data"
processors=$(getconf _NPROCESSORS_ONLN)
[ -n "$workers" ] || workers=$((processors > 14 ? 12 : processors > 3 ? processors - 2 : 1))
whole --workers "$workers"; whole --minutes "$minutes"
[ -z "$limit" ] || whole --limit "$limit"
if [ -z "$out" ]; then
  case $recording in */* | *.ts | *.js) fail '--out: is needed with the path of a recording; give TABLE.arrow' ;; esac
  out=$root/surrogates/$recording/$recording.arrow
fi
bench=$root/dist/src/cli/bench.js
[ -f "$bench" ] || fail "there is no $bench; run npm ci in $root first"

if [ -n "${GLUE_PYTHON:-}" ]; then
  # What the recording calls is "python3".
  bin=$(mktemp -d); trap 'rm -rf "$bin"' EXIT
  printf '#!/bin/sh\nexec "%s" "$@"\n' "$GLUE_PYTHON" > "$bin/python3"; chmod +x "$bin/python3"
else
  bin=$("$here/environment.sh")/bin
fi
export PATH=$bin:$PATH
if $cpu; then
  export CUDA_VISIBLE_DEVICES=''
else
  python3 -c 'import sys, torch; sys.exit(not torch.cuda.is_available())' ||
    fail 'PyTorch finds no GPU; add --cpu to record on the processor'
fi

# An interrupt lets bench end its trainings; those that were not finished are run again by the next call.
command=(node "$bench" record "$recording" --data "$data" --out "$out" --workers "$workers")
[ -z "$limit" ] || command+=(--limit "$limit")
status=0
timeout --foreground --signal=INT --kill-after=30 "$((minutes * 60))" "${command[@]}" || status=$?
if [ "$status" = 124 ]; then
  echo "record-on-gpu.sh: $minutes minutes are over; what is finished is in $out.journal.jsonl: run the same command again"
  exit 0
fi
exit "$status"

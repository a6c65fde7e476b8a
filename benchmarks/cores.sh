#!/usr/bin/env bash
# What a second core brings to trainer/glue: one epoch held to one and to two cores, in turns. Prints the share of the time
# that two cores take, and the parallel fraction of `bench derive` that follows. Linux, two free cores, about five minutes.
#   benchmarks/cores.sh --data DIR      DIR: the GLUE data, with a folder per task
set -euo pipefail
cd "$(dirname "$0")/.."
[ "${1:-}" = --data ] && [ -d "${2:-}" ] || { echo 'usage: benchmarks/cores.sh --data DIR (the folder of the GLUE data)' >&2; exit 2; }
command -v taskset > /dev/null || { echo 'benchmarks/cores.sh: there is no taskset; install util-linux' >&2; exit 2; }
read -r first second _ <<< "$(python3 -c 'import os; print(*sorted(os.sched_getaffinity(0)))')"
[ -n "$second" ] || { echo 'benchmarks/cores.sh: there is one core only; two are compared' >&2; exit 2; }
python=$(trainer/glue/environment.sh)/bin/python3

# epoch CORES TASK MODEL BATCH_SIZE: prints seconds of training and milliseconds of latency
epoch() {
  HF_HUB_OFFLINE=1 taskset -c "$1" "$python" trainer/glue/train.py --data "$data" --task "$2" --model "$3" --batch_size "$4" \
    --precision bf16 --epochs 1 --learning_rate 0.00002 --warmup_ratio 0 --weight_decay 0 --seed 1 2> /dev/null |
    sed -n 's/.*"latency_ms": *\([0-9.]*\).*/\1 &/p' | sed -n 's/^\([0-9.]*\) .*"elapsed_time": *\([0-9.]*\).*/\2 \1/p'
}

data=$2
echo 'task model batch  s, one core  s, two cores  ratio  parallel fraction  latency ratio'
for training in 'mrpc minilm:3 16' 'stsb minilm:2 24' 'cola minilm:3 32' 'mrpc minilm:2 48'; do
  # shellcheck disable=SC2086
  one=$(epoch "$first" $training) two=$(epoch "$first,$second" $training)
  awk -v what="$training" -v one="$one" -v two="$two" 'BEGIN {
    split(one, a, " "); split(two, b, " "); ratio = b[1] / a[1]
    printf "%s  %.1f  %.1f  %.3f  %.2f  %.2f\n", what, a[1], b[1], ratio, 2 * (1 - ratio), b[2] / a[2]
  }'
done

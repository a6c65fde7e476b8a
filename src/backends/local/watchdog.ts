/**
 * What ends the programs of this process when it can no longer do so itself: after `kill -9`, a crash, or when the system
 * took its memory. A tiny shell script of its own session waits at a pipe for the end of this process; only numbers of
 * process groups, and when they began, go through that pipe.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { startOf } from './process-start.js'

/** The variable by which every program of this process is known, also if it left its process group. */
export const RUNNER_VARIABLE = 'RUNGBENCH_RUNNER'
/** The same for the watchdog itself. */
const WATCHDOG_VARIABLE = 'RUNGBENCH_WATCHDOG'
/** The value of {@link RUNNER_VARIABLE}: never the same for two processes. */
export const runnerId = randomBytes(16).toString('hex')
/** Seconds between SIGTERM and SIGKILL, and for which SIGKILL is repeated after that. */
const GRACE = 5
const PATIENCE = 30

/**
 * $1: the runner's id, $2, $3: as above. Standard input: "+ group began" and "- group", a line each; at its end whatever
 * is left is ended: groups that are still those that were named (a number is given to others only when the whole group is
 * gone, and then its leader began at another time), and all processes with the runner's id in their environment.
 * Status 0: nothing is left.
 */
const SCRIPT = `
trap '' HUP INT TERM
case $1 in *[!0-9a-f]* | '') exit 2 ;; esac
groups=
while read -r change group began; do
  case $change in
  +) groups="$groups $group:$began" ;;
  -) kept=
     for one in $groups; do [ "\${one%%:*}" = "$group" ] || kept="$kept $one"; done
     groups=$kept ;;
  esac
done
ours() {
  stat=
  { read -r stat < "/proc/\${1%%:*}/stat"; } 2>/dev/null
  if [ -z "$stat" ] || [ -z "\${1#*:}" ]; then return 0; fi
  set -- "\${1#*:}" \${stat##*) }
  [ "$1" = "\${21}" ]
}
id=$1
signal() {
  none=1
  for one in $groups; do
    ours "$one" && kill -s "$1" -- "-\${one%%:*}" 2>/dev/null && none=0
  done
  for file in $(grep -ls "${RUNNER_VARIABLE}=$id" /proc/[0-9]*/environ 2>/dev/null); do
    file=\${file#/proc/}
    kill -s "$1" "\${file%%/*}" 2>/dev/null && none=0
  done
  return $none
}
pause() { sleep 0.1 || sleep 1; }
tries=$(($2 * 10))
signal TERM
while [ $tries -gt 0 ] && pause && signal 0; do tries=$((tries - 1)); done
tries=$(($3 * 10))
while signal KILL; do
  [ $tries -gt 0 ] || exit 1
  tries=$((tries - 1))
  pause
done
exit 0
`

let dog: ChildProcess | undefined

/** Names a group that must not outlive this process. `others`: those named before, for a watchdog that has to be started. */
export function watchGroup(group: number, others: Iterable<number>): void {
  if (dog === undefined) {
    begin()
    for (const other of others) tell(`+ ${other} ${startOf(other)}`)
  }
  tell(`+ ${group} ${startOf(group)}`)
}

/** A group is gone. */
export function unwatchGroup(group: number): void {
  tell(`- ${group}`)
}

/** Where there is no shell, programs are on their own after `kill -9`. */
function begin(): void {
  const child = spawn('sh', ['-c', SCRIPT, 'rungbench-watchdog', runnerId, `${GRACE}`, `${PATIENCE}`], {
    cwd: '/',
    detached: true,
    env: { PATH: process.env['PATH'] ?? '', [WATCHDOG_VARIABLE]: runnerId },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const gone = (): void => {
    if (dog === child) dog = undefined
  }
  child.on('error', gone).on('exit', gone)
  child.stdin.on('error', gone)
  child.unref()
  ;(child.stdin as unknown as { unref(): void }).unref()
  dog = child
}

function tell(line: string): void {
  dog?.stdin?.write(`${line}\n`)
}

/**
 * Ends what a former process of this machine has left behind, and waits until it is gone. It is for the time after a
 * crash: before anything is started again.
 *
 * @param runner the {@link runnerId} of that process
 * @returns false if something did not end
 */
export async function endFormer(runner: string): Promise<boolean> {
  // Its own watchdog knows best what there is.
  for (
    let waits = (GRACE + PATIENCE + 5) * 20;
    waits > 0 && processesWith({ [WATCHDOG_VARIABLE]: runner }).length > 0;
    waits--
  )
    await new Promise((resolve) => setTimeout(resolve, 50))
  const { status } = spawnSync('sh', ['-c', SCRIPT, 'rungbench-watchdog', runner, `${GRACE}`, `${PATIENCE}`], {
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '' },
    input: '',
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  return status === 0 && processesWith({ [RUNNER_VARIABLE]: runner }).length === 0
}

/** Processes of which the environment has all these variables with these values, on Linux; elsewhere none are found. */
export function processesWith(variables: Readonly<Record<string, string>>): number[] {
  // The bytes of UTF-8, one character each.
  const wanted = Object.entries(variables).map(
    ([name, value]) => `\0${Buffer.from(`${name}=${value}`).toString('latin1')}\0`,
  )
  let entries: string[]
  try {
    entries = readdirSync('/proc')
  } catch {
    return []
  }
  return entries.map(Number).filter((pid) => {
    if (!Number.isInteger(pid)) return false
    try {
      const environment = `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`
      return wanted.every((one) => environment.includes(one))
    } catch {
      return false
    }
  })
}

/** A browser, where there is one: Chromium or Chrome, run without a window. */
import { existsSync } from 'node:fs'

const CANDIDATES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  String.raw`C:\Program Files\Google\Chrome\Application\chrome.exe`,
]

/** undefined where none is found. */
export const browserPath = CANDIDATES.find((path) => path !== undefined && existsSync(path))

/** Why tests in a browser cannot run; undefined if they can. */
export const missing =
  browserPath === undefined
    ? 'skipped: no Chromium or Chrome is found; install Debian’s package chromium, or set CHROMIUM to its path'
    : undefined

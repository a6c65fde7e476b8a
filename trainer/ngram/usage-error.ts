/** Something the caller has to put right: told in one line, exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What a service answers when it refuses: its code and sentence, as the SDK hands them to the caller. */
export class ServiceError extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, message: string, status = 400) {
    super(message)
    this.code = code
    this.status = status
  }
}

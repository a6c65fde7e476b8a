/** What experiments, methods, tables, hyperparameters and metrics may be called: names are shown, sorted and typed again. */
import { z } from 'zod'
import { hasUnprintable } from './printable.js'

const LONGEST = 200
const UNPRINTABLE =
  'must hold no control characters, line breaks or marks of text direction; rename it, with characters that can be seen'

/** The rule that a name breaks, and the cure; undefined where it breaks none. */
export function nameFault(name: string): string | undefined {
  if (name === '') return 'must not be empty; give it a name'
  if (name.length > LONGEST) return `must have at most ${LONGEST} characters; give it a shorter name`
  return hasUnprintable(name) ? UNPRINTABLE : undefined
}

/** A name: see {@link nameFault}. */
export const nameSchema = z.string().superRefine((name, context) => refuse(context, nameFault(name)))

/** The name of a table that ships, or the path of one, which may be long. */
export const nameOrPathSchema = z
  .string()
  .superRefine((text, context) =>
    refuse(context, text === '' ? nameFault(text) : hasUnprintable(text) ? UNPRINTABLE : undefined),
  )

/** One sentence: line breaks and tabs in it are blanks. */
export const sentenceSchema = z
  .string()
  .transform((text) => text.replaceAll(/\s*[\n\r\t\u2028\u2029]\s*/g, ' ').trim())
  .superRefine((text, context) =>
    refuse(
      context,
      text === ''
        ? 'must not be empty; write what is asked'
        : hasUnprintable(text)
          ? 'must hold no control characters or marks of text direction; leave them out'
          : undefined,
    ),
  )

function refuse(context: z.RefinementCtx, message: string | undefined): void {
  if (message !== undefined) context.addIssue({ code: 'custom', message })
}

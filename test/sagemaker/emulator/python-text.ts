/** Values as Python prints them: the toolkit in a container decodes each hyperparameter from JSON and calls `str`. */

/** `str(json.loads(text))`; text that is not JSON stays as it is. */
export function pythonText(text: string): string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { NaN: 'nan', Infinity: 'inf', '-Infinity': '-inf' }[text.trim()] ?? text
  }
  if (typeof value === 'number') return numberText(text.trim(), value)
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    // The toolkit joins a map so, whatever lies in it.
    return Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => `${key}=${show(one, false)}`)
      .join(',')
  return value === null ? '' : show(value, false)
}

/** An integer's digits as they stand; a float as `repr` writes it: exponents from 1e16 and below 1e-4. */
function numberText(text: string, value: number): string {
  if (/^-?\d+$/.test(text)) return text
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const [mantissa, exponent] = value.toExponential().split('e')
  const power = Number(exponent)
  if (power < -4 || power >= 16)
    return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
  const digits = power < 0 ? value.toFixed(mantissa!.replace(/[-.]/g, '').length - 1 - power) : String(value)
  return digits.includes('.') ? digits : `${digits}.0`
}

function show(value: unknown, nested: boolean): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return nested ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'` : value
  if (Array.isArray(value)) return `[${value.map((one) => show(one, true)).join(', ')}]`
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([key, one]) => `'${key}': ${show(one, true)}`)
      .join(', ')}}`
  return String(value)
}

/** Hyperparameters as Python would print them: the values on the right are those of `str(json.loads(text))`. */
import { expect, it } from 'vitest'
import { pythonText } from './emulator/python-text.js'
import { userArguments } from './emulator/toolkit.js'

it.each([
  ['3', '3'],
  ['27.0', '27.0'],
  ['1e-05', '1e-05'],
  ['0.00001234', '1.234e-05'],
  ['0.0001', '0.0001'],
  ['0.000123456', '0.000123456'],
  ['1e3', '1000.0'],
  ['1e16', '1e+16'],
  ['123456789012345.6', '123456789012345.6'],
  ['12345678901234567890', '12345678901234567890'],
  ['-0.0', '-0.0'],
  ['2.5e-7', '2.5e-07'],
  ['1.7976931348623157e308', '1.7976931348623157e+308'],
  ['true', 'True'],
  ['null', ''],
  ['"ml.m5.large"', 'ml.m5.large'],
  ['not json', 'not json'],
  ['[1, "a"]', "[1, 'a']"],
  ['{"b": 1, "a": "x"}', 'a=x,b=1'],
  ['NaN', 'nan'],
])('%s is %s', (text, printed) => expect(pythonText(text)).toBe(printed))

it('keeps back what is the service’s own, and sorts the rest', () => {
  const given = { b: '1', sagemaker_program: '"x"', a: '"two words"', _tuning_objective_metric: 'm', lr: '0.1' }
  expect(userArguments(given)).toEqual(['-a', 'two words', '-b', '1', '--lr', '0.1'])
})

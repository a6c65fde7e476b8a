/** Answers with status 200 that are not of AWS, to every call that is made: none is taken for success. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RATES } from '../../../src/backends/sagemaker/rates.js'
import { connect } from '../../../src/backends/sagemaker/clients.js'
import { serviceFault } from '../../../src/backends/sagemaker/service-fault.js'
import type { ServiceCall, Services } from '../../../src/backends/sagemaker/services.js'
import { jobRequest } from '../../sagemaker/clients.js'
import { Emulator } from '../../sagemaker/emulator/emulator.js'

process.env['AWS_ACCESS_KEY_ID'] = 'emulator'
process.env['AWS_SECRET_ACCESS_KEY'] = 'emulator'

const object = { Bucket: 'bucket', Key: 'a' }
const log = { logGroupName: '/aws/sagemaker/TrainingJobs', logStreamName: 'a/algo-1' }
/** In an order in which each one succeeds where it can. */
const make: Readonly<Record<ServiceCall, (services: Services) => Promise<unknown>>> = {
  putObject: (services) => services.putObject({ ...object, Body: 'a' }),
  copyObject: (services) => services.copyObject({ ...object, Key: 'b', CopySource: 'bucket/a' }),
  headObject: (services) => services.headObject(object),
  getObject: (services) => services.getObject('bucket', 'a'),
  listObjects: (services) => services.listObjects({ Bucket: 'bucket', Prefix: 'none' }),
  createTrainingJob: (services) => services.createTrainingJob({ ...jobRequest('a'), TrainingJobName: 'a' }),
  describeTrainingJob: (services) => services.describeTrainingJob('a'),
  listTrainingJobs: (services) => services.listTrainingJobs({ NameContains: 'none' }),
  stopTrainingJob: (services) => services.stopTrainingJob('a'),
  describeLogStreams: (services) => services.describeLogStreams({ logGroupName: log.logGroupName }),
  getLogEvents: (services) => services.getLogEvents(log),
  keepWarm: (services) => services.keepWarm('a', 0),
}
/** There is nothing of theirs yet, which the service says with an error. */
const without: Partial<Record<ServiceCall, string>> = {
  describeLogStreams: 'gone',
  getLogEvents: 'gone',
  keepWarm: 'invalid',
}

let emulator: Emulator
let services: Services
beforeAll(async () => {
  emulator = await Emulator.start()
  const { endpoint } = emulator
  services = await connect(emulator.region, { sagemaker: endpoint, logs: endpoint, s3: endpoint })
})
afterAll(() => emulator.close())

describe('every call', () => {
  it.each(Object.keys(make) as ServiceCall[])('%s', async (call) => {
    for (const body of ['', '{}', '{"error":"log in"}', '<html><body>please log in</body></html>']) {
      emulator.faults.add({ fault: { kind: 'foreign', status: 200, body } })
      const fault = await make[call](services).then(
        () => ({ message: 'taken for success' }),
        (error: unknown) => serviceFault(error, call),
      )
      expect({ body, fault }).toMatchObject({
        fault: { kind: 'transient', message: expect.stringMatching(/an answer that |S3 aborted request/) as string },
      })
    }
    const kept = await make[call](services).then(
      () => 'done',
      (error: unknown) => serviceFault(error, call).kind,
    )
    expect(kept).toBe(without[call] ?? 'done')
  })

  it('is tried here', () => {
    expect(Object.keys(make).toSorted()).toEqual(Object.keys(RATES).toSorted())
  })
})

/** How often each call is made at most, and which of these numbers rest on something that is published. */
import type { ServiceCall } from './services.js'

/**
 * Calls per second, of all runs of a process together. A bucket that is full lets twice its rate through in one second, so each
 * rate is at most half of the lowest limit that holds today. Limits are per account and region; others in the account use them as well.
 *
 * Published, or reported from Service Quotas:
 *
 * - DescribeLogStreams: "this operation has a limit of 25 transactions per second" (API reference of CloudWatch Logs; five in
 *   references of some years ago).
 * - GetLogEvents: 25 in most regions, 10 in some ("CloudWatch Logs quotas").
 * - ListTrainingJobs: 2, not adjustable, in Service Quotas (reported in aws-solutions/deepracer-on-aws, issue 87).
 * - S3: 3,500 writes and 5,500 reads per prefix ("Best practices design patterns"); the rates here are far below.
 *
 * Our own careful choices: all others of SageMaker. "Amazon SageMaker endpoints and quotas" has no figures for them; that
 * CreateTrainingJob is throttled where some are made at once is known (aws/sagemaker-python-sdk, issue 645). What is
 * throttled is repeated.
 */
export const RATES: Readonly<Record<ServiceCall, number>> = {
  createTrainingJob: 1,
  describeTrainingJob: 4,
  listTrainingJobs: 1,
  stopTrainingJob: 2,
  keepWarm: 1,
  describeLogStreams: 5,
  getLogEvents: 5,
  headObject: 20,
  putObject: 20,
  copyObject: 20,
  listObjects: 5,
  getObject: 50,
}

/** Training images of Hugging Face by framework version. */
import { invalid } from '../../core/errors.js'

/** Which container of Hugging Face. */
export interface HuggingFace {
  readonly transformers: string
}

/**
 * Tags of `huggingface-pytorch-training`, as they stand in Amazon's list of deep learning containers
 * (aws/deep-learning-containers, available_images.md). All of them are for GPUs; they also start without one.
 */
const TAGS: Readonly<Record<string, string>> = {
  '4.26.0': '1.13.1-transformers4.26.0-gpu-py39-cu117-ubuntu20.04',
  '4.28.1': '2.0.0-transformers4.28.1-gpu-py310-cu118-ubuntu20.04',
  '4.36.0': '2.1.0-transformers4.36.0-gpu-py310-cu121-ubuntu20.04',
  '4.46.1': '2.3.0-transformers4.46.1-gpu-py311-cu121-ubuntu20.04',
  '4.49.0': '2.5.1-transformers4.49.0-gpu-py311-cu124-ubuntu22.04',
}

/**
 * The accounts that hold them, where it is not the common one. Source: `registries` of
 * sagemaker-python-sdk, image_uri_config/huggingface.json. Regions that are not listed there may have others.
 */
const COMMON = '763104351884'
const ACCOUNTS: Readonly<Record<string, string>> = {
  'af-south-1': '626614931356',
  'ap-east-1': '871362719292',
  'ap-northeast-3': '364406365360',
  'cn-north-1': '727897471807',
  'cn-northwest-1': '727897471807',
  'eu-south-1': '692866216735',
  'me-south-1': '217643126080',
  'us-gov-west-1': '442386744353',
}
const COMMON_REGIONS =
  /^(ap-northeast-[12]|ap-south-1|ap-southeast-[12]|ca-central-1|eu-central-1|eu-north-1|eu-west-[123]|sa-east-1|us-(east|west)-[12])$/

/** The image's address in a region. @throws BenchError for what is not in the lists */
export function huggingFaceImage({ transformers }: HuggingFace, region: string): string {
  const tag = TAGS[transformers]
  if (tag === undefined)
    throw invalid(
      'image.huggingFace.transformers',
      transformers,
      `must be one of ${Object.keys(TAGS).join(', ')}`,
      'for another one give the image itself: "image": "<account>.dkr.ecr.<region>.amazonaws.com/..."',
    )
  const account = ACCOUNTS[region] ?? (COMMON_REGIONS.test(region) ? COMMON : undefined)
  if (account === undefined)
    throw invalid(
      'region',
      region,
      'is none of which the registry of Hugging Face images is known here',
      'give the image itself',
    )
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  return `${account}.dkr.ecr.${region}.${domain}/huggingface-pytorch-training:${tag}`
}

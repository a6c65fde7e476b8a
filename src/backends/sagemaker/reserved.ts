/** Names of hyperparameters that mean something to the containers or to the backend. */

/** The hyperparameters of a trial that choose its machine. The program gets them only with `machineArguments`. */
export { INSTANCE_TYPE_NAMES as TYPE_NAMES } from '../../core/instance-type.js'
export const COUNT_NAMES = ['instance_count', 'st_instance_count'] as const
/** The argument that tells a program where its checkpoints lie. */
export const CHECKPOINT_ARGUMENT = 'st_checkpoint_dir'
/** Where the service keeps checkpoints in the container (CheckpointConfig.LocalPath). */
export const CHECKPOINT_PATH = '/opt/ml/checkpoints'
/** The input channel with the program's archive, where the container has no network to fetch it; and where it lies then. */
export const CODE_CHANNEL = 'code'
export const CODE_ARCHIVE = '/opt/ml/input/data/code/sourcedir.tar.gz'

/** `sagemaker_...` are the training toolkit's own (aws/sagemaker-training-toolkit, params.py). */
export const RESERVED_HYPERPARAMETERS =
  /^(sagemaker_.*|_tuning_objective_metric|default_user_module_name|st_checkpoint_dir|(st_)?instance_(type|count))$/

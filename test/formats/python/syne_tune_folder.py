"""Gives a folder that bench export wrote to Syne Tune: loads it, simulates on it, and writes it again.

Usage: syne_tune_folder.py FOLDER OUT. Leaves in OUT what Syne Tune writes, and document.json: what it read, and how its
simulation went.
"""

import json
import logging
import os
import sys
from pathlib import Path


def main(folder: Path, out: Path) -> None:
    # Where results go is read when the package is imported.
    os.environ["SYNETUNE_FOLDER"] = str(out / "experiments")
    from syne_tune import StoppingCriterion, Tuner
    from syne_tune.backend.simulator_backend.simulator_callback import SimulatorCallback
    from syne_tune.blackbox_repository.blackbox_tabular import deserialize, serialize
    from syne_tune.blackbox_repository.simulated_tabular_backend import UserBlackboxBackend
    from syne_tune.optimizer.baselines import ASHA

    logging.getLogger().setLevel(logging.ERROR)
    metadata = json.loads((folder / "metadata.json").read_text())
    elapsed = metadata["metric_elapsed_time"]
    blackboxes = deserialize(folder)
    (task, blackbox), *others = blackboxes.items()
    assert not others, "one table is one task"
    configurations = blackbox.all_configurations()
    resource = blackbox.fidelity_name()
    levels = [int(level) for level in blackbox.fidelity_values]

    scheduler = ASHA(
        config_space=blackbox.configuration_space,
        metric=metadata["metric_default"],
        time_attr=resource,
        max_t=levels[-1],
        random_seed=1,
        # The table's own rows: Syne Tune has no answer for others.
        points_to_evaluate=configurations,
    )
    trials = min(8, len(configurations) - 4)
    tuner = Tuner(
        trial_backend=UserBlackboxBackend(blackbox, elapsed_time_attr=elapsed, seed=0),
        scheduler=scheduler,
        stop_criterion=StoppingCriterion(max_num_trials_started=trials),
        n_workers=2,
        sleep_time=0,
        callbacks=[SimulatorCallback()],
        tuner_name="exported",
        suffix_tuner_name=False,
        save_tuner=False,
        print_update_interval=1e9,
    )
    tuner.run()

    names = ["metric_elapsed_time", "metric_default", "time_attr"]
    serialize(blackboxes, out / "again", metadata={name: metadata[name] for name in names})
    values = [
        [blackbox.objective_function(configuration, seed=seed).tolist() for seed in range(blackbox.num_seeds)]
        for configuration in configurations
    ]
    document = {
        "task": task,
        "configurations": configurations,
        "objectives": blackbox.objectives_names,
        "resource": resource,
        "levels": levels,
        "values": values,
        "trials": len(tuner.tuning_status.last_trial_status_seen),
        "results": str(tuner.tuner_path / "results.csv.zip"),
    }
    (out / "document.json").write_text(json.dumps(document))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

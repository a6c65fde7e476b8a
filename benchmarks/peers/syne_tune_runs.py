"""Runs one method of Syne Tune on a folder that bench export wrote; says what it did and what that took.

Usage: SYNETUNE_FOLDER=OUT syne_tune_runs.py JOB.json. The job and the answer, to standard output, are those of jobs.ts.
"""

import contextlib
import json
import logging
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from syne_tune import StoppingCriterion, Tuner
from syne_tune.backend.simulator_backend.simulator_backend import SimulatorConfig
from syne_tune.backend.simulator_backend.simulator_callback import SimulatorCallback
from syne_tune.blackbox_repository.blackbox_tabular import BlackboxTabular, deserialize
from syne_tune.blackbox_repository.simulated_tabular_backend import UserBlackboxBackend
from syne_tune.optimizer.legacy_scheduler import LegacyTrialScheduler
from syne_tune.optimizer.scheduler import TrialSuggestion
from syne_tune.optimizer.schedulers.legacy_fifo import LegacyFIFOScheduler
from syne_tune.optimizer.schedulers.legacy_hyperband import LegacyHyperbandScheduler
from syne_tune.optimizer.schedulers.multiobjective.legacy_moasha import LegacyMOASHA

Json = dict[str, Any]
# The entry of a configuration through which ASHA promotion tells how far to train.
LIMIT = "max_level"


def scheduler_of(job: Json, run: Json, blackbox: BlackboxTabular) -> LegacyTrialScheduler:
    space = blackbox.configuration_space
    level, most = blackbox.fidelity_name(), int(blackbox.fidelity_values[-1])
    halving = {"grace_period": 1, "reduction_factor": 3, "brackets": 1}
    if job["method"] == "mo-asha":
        # It has no seed of its own.
        np.random.seed(run["seed"])
        moasha = LegacyMOASHA(space, metrics=job["objectives"], mode="min", time_attr=level, max_t=most, **halving)
        if "configurations" in run:
            # Nor an argument for what is tried first.
            first = iter(run["configurations"])
            moasha._suggest = lambda trial_id: TrialSuggestion.start_suggestion(next(first))
        return moasha
    common = {
        "searcher": "random",
        "search_options": {"debug_log": False},
        "metric": job["objectives"][0],
        "mode": "min",
        "points_to_evaluate": run.get("configurations", []),
        "random_seed": run["seed"],
    }
    if job["method"] == "random":
        return LegacyFIFOScheduler(space, **common)
    kind = job["method"].removeprefix("asha-")
    return LegacyHyperbandScheduler(
        {**space, LIMIT: most}, type=kind, resource_attr=level, max_resource_attr=LIMIT, **halving, **common
    )


def idealise(backend: UserBlackboxBackend) -> None:
    """Lets nothing but the polls move the clock, and takes the trials of a poll in the order of their numbers."""
    # Otherwise the real time of decisions moves the clock, and a millisecond before and after each stop.
    backend.time_keeper.real_time_since_last_recent_exit = lambda: 0.0
    backend.time_keeper.advance_to = lambda to_time: None
    # Otherwise trials come in the order of a set.
    fetch = backend.fetch_status_results
    backend.fetch_status_results = lambda trial_ids: fetch(sorted(trial_ids))


def tune(job: Json, run: Json, blackbox: BlackboxTabular, elapsed: str) -> Json:
    ideal = job.get("ideal", False)
    backend = UserBlackboxBackend(
        blackbox,
        elapsed_time_attr=elapsed,
        max_resource_attr=LIMIT,
        seed=0,
        tuner_sleep_time=job["pollInterval"],
        simulator_config=SimulatorConfig(0, 0, 0, 0, 0) if ideal else None,
    )
    if ideal:
        idealise(backend)
    callback = SimulatorCallback()
    # As its documentation advises for simulations: nothing is printed or stored on the way, the tuner is not saved.
    tuner = Tuner(
        trial_backend=backend,
        scheduler=scheduler_of(job, run, blackbox),
        stop_criterion=StoppingCriterion(max_num_evaluations=run.get("reports"), max_wallclock_time=run.get("seconds")),
        n_workers=job["workers"],
        sleep_time=0,
        callbacks=[callback],
        tuner_name=f"{job['method']}-{run['seed']}",
        suffix_tuner_name=False,
        save_tuner=False,
        results_update_interval=1e9,
        print_update_interval=1e9,
    )
    tuner.run()
    answer: Json = {"reports": len(callback.results), "trials": tuner.tuning_status.num_trials_started}
    if "seconds" in run:
        level, objective = blackbox.fidelity_name(), job["objectives"][0]
        answer["rows"] = [
            [float(row["st_tuner_time"]), row["trial_id"], int(row[level]), float(row[objective])]
            for row in callback.results
        ]
    return answer


def main(job: Json) -> Json:
    logging.getLogger().setLevel(logging.CRITICAL)
    folder = Path(job["folder"])
    (blackbox,) = deserialize(folder).values()
    elapsed = json.loads((folder / "metadata.json").read_text())["metric_elapsed_time"]
    begun = time.process_time()
    with contextlib.redirect_stdout(None):
        runs = [tune(job, run, blackbox, elapsed) for run in job["runs"]]
    return {
        "runs": runs,
        "seconds": time.process_time() - begun,
        "processSeconds": time.process_time(),
        "peakMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10),
    }


if __name__ == "__main__":
    print(json.dumps(main(json.loads(Path(sys.argv[1]).read_text()))))

"""Clean what is new among the dumps with datatrove on a Slurm cluster. Every machine must see DUMPS and WORK.

    python samples/scale/datatrove_slurm.py DUMPS WORK --partition NAME [--tasks 100]

Run it again after the jobs are done: it starts what was killed once more, and marks the list when nothing is left.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from datatrove.executor import SlurmPipelineExecutor
from nightly import done, lists, pipeline


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dumps", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--partition", required=True)
    parser.add_argument("--tasks", type=int, default=100)
    parser.add_argument("--time", default="04:00:00")
    given = parser.parse_args()
    dumps, work = given.dumps.absolute(), given.work.absolute()
    for listed in lists(dumps, work):
        logs = work / "logs" / listed.stem
        if len(list((logs / "completions").glob("*"))) == given.tasks:
            done(listed)
            continue
        SlurmPipelineExecutor(
            pipeline(dumps, work, listed),
            tasks=given.tasks,
            time=given.time,
            partition=given.partition,
            logging_dir=str(logs),
            slurm_logs_folder=str(logs / "slurm"),
            job_name=f"newsclean-{listed.stem}",
            mem_per_cpu_gb=2,
            max_array_launch_parallel=True,
            requeue=True,
            env_command=os.environ.get("ENV_COMMAND"),  # such as: source /shared/venv/bin/activate
        ).run()


if __name__ == "__main__":
    main()

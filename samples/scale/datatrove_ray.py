"""Clean what is new among the dumps with datatrove on Ray: a cluster that `ray up` made, or this machine alone.

    python samples/scale/datatrove_ray.py DUMPS WORK [--tasks 8] [--workers 2] [--stall 600]

Each machine must see DUMPS and WORK. The clean documents go to WORK/clean, what is no article to WORK/rejected.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from nightly import every_night


def run(steps: list[object], logs: Path, given: argparse.Namespace) -> None:
    import ray
    from datatrove.executor import RayPipelineExecutor

    ray.init(runtime_env={"env_vars": {"PYTHONPATH": str(Path(__file__).parent)}}, log_to_driver=False)
    RayPipelineExecutor(steps, tasks=given.tasks, workers=given.workers, mem_per_cpu_gb=1, logging_dir=str(logs)).run()
    if len(list((logs / "completions").glob("*"))) < given.tasks:  # it only logs that a task failed
        sys.exit(1)


if __name__ == "__main__":
    every_night(__doc__, run)

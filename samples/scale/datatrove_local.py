"""Clean what is new among the dumps with datatrove, on one machine. Safe to run each night, and again after a crash.

    python samples/scale/datatrove_local.py DUMPS WORK [--tasks 8] [--workers 2] [--stall 600]

The clean documents go to WORK/clean, what is no article to WORK/rejected, a folder for each run.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from nightly import every_night


def run(steps: list[object], logs: Path, given: argparse.Namespace) -> None:
    from datatrove.executor import LocalPipelineExecutor

    LocalPipelineExecutor(steps, tasks=given.tasks, workers=given.workers, logging_dir=str(logs)).run()


if __name__ == "__main__":
    every_night(__doc__, run)

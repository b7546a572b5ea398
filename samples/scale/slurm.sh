#!/usr/bin/env bash
# One part of a corpus for each task of a Slurm array, on as many machines as there are; a task that was killed goes on
# where it was when it is queued again.
#
#     sbatch --array=1-100 samples/scale/slurm.sh /shared/dumps /shared/clean
#     newsclean merge /shared/clean/part-*.jsonl.gz -o all.jsonl.gz     # when the array is done
#
#SBATCH --job-name=newsclean
#SBATCH --cpus-per-task=2
#SBATCH --requeue
#SBATCH --signal=TERM@60
set -euo pipefail
dumps=$1 clean=$2
number=${SLURM_ARRAY_TASK_ID:-1} count=${SLURM_ARRAY_TASK_COUNT:-1}
part=$(printf 'part-%05d' "$number")
mkdir -p "$clean"
exec "${NEWSCLEAN:-newsclean}" clean "$dumps" --shard "$number/$count" --jobs "${SLURM_CPUS_PER_TASK:-2}" --resume \
	-o "$clean/$part.jsonl.gz" --rejects "$clean/$part.rejects" --report "$clean/$part.json" --quiet

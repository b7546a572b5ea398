#!/usr/bin/env bash
# The parts of a corpus by GNU parallel: on this machine, or with --sshlogin on others that see the same folders.
#
#     samples/scale/parallel.sh 16 /shared/dumps /shared/clean
#     samples/scale/parallel.sh 16 /shared/dumps /shared/clean --sshlogin node1,node2
#
# A part that was killed is tried again, and goes on where it was; what is done is not done again (--resume-failed).
set -euo pipefail
count=$1 dumps=$2 clean=$3
shift 3
mkdir -p "$clean"
seq "$count" | parallel --joblog "$clean/joblog" --resume-failed --retries 3 "$@" \
	"${NEWSCLEAN:-newsclean}" clean "$dumps" --shard "{}/$count" --jobs 1 --resume --quiet \
	-o "$clean/part-{}.jsonl.gz" --report "$clean/part-{}.json"
"${NEWSCLEAN:-newsclean}" merge "$clean"/part-*.jsonl.gz -o "$clean/all.jsonl.gz"
"${NEWSCLEAN:-newsclean}" merge --reports "$clean"/part-*.json -o "$clean/report.json"

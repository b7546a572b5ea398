#!/bin/sh
# Clean what is new among the dumps: from cron, from a systemd timer, or by hand.
#
#   nightly.sh [DUMPS [RECORDS]]
#
# New and changed dumps go to a new shard in RECORDS; what was done is remembered in RECORDS.seen. Says nothing when all
# is well, so that cron sends mail only when there is something to read.
set -eu

dumps=${1:-/srv/news/dumps}
records=${2:-/srv/news/records}
newsclean=${NEWSCLEAN:-/opt/newsclean/bin/newsclean}

status=0
"$newsclean" clean "$dumps" --quiet \
    --output "$records" --compress gz \
    --incremental "$records.seen" \
    --rejects "$records.rejects.jsonl" \
    --report "$records.report.json" \
    --max-failures 5% || status=$?

case $status in
    75) exit 0 ;;  # last night's run is still at work, as it has said: what is new waits for tomorrow
    *) exit "$status" ;;
esac

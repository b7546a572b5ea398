"""Clean a folder of dumps with Dask: `python samples/scale/dask_bag.py DUMPS CLEAN`; both on a disk all machines see."""

import sys
from pathlib import Path

import dask.bag
import orjson
from dask.distributed import Client

from arabic_newsclean import clean_batch

DUMPS, CLEAN = map(Path, sys.argv[1:3])


def cleaned(names):
    names = list(names)
    records = clean_batch([(DUMPS / name).read_bytes() for name in names], names)
    lines = b"".join(orjson.dumps(record) + b"\n" for record in records)
    (CLEAN / f"{names[0].replace('/', '-')}.jsonl").write_bytes(lines)  # a task that is run again writes the same file
    return [len(records)]


if __name__ == "__main__":
    CLEAN.mkdir(parents=True, exist_ok=True)
    with Client():  # or Client("scheduler:8786"), for a cluster
        names = sorted(str(path.relative_to(DUMPS)) for path in DUMPS.rglob("*.txt"))
        print(sum(dask.bag.from_sequence(names, partition_size=200).map_partitions(cleaned).compute()), "dumps")

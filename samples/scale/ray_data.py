"""Clean a folder of dumps with Ray Data: `python samples/scale/ray_data.py DUMPS CLEAN`; both on a disk all machines see."""

import os
import sys

import orjson
import ray

from arabic_newsclean import clean_batch


def cleaned(batch, dumps):
    ids = [os.path.relpath(path, dumps) for path in batch["path"]]
    records = clean_batch(list(batch["bytes"]), ids)
    return {"id": ids, "record": [orjson.dumps(record).decode() for record in records]}


if __name__ == "__main__":
    dumps, clean = map(os.path.abspath, sys.argv[1:3])
    pages = ray.data.read_binary_files(dumps, include_paths=True)
    pages.map_batches(cleaned, batch_size=64, fn_kwargs={"dumps": dumps}).write_json(clean)

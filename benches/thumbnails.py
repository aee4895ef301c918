#!/usr/bin/env python3
"""Does `rushlight index` make a shoot's small pictures faster than vipsthumbnail, while doing more?

Budget: twice its photos a second, half its CPU seconds a photo, warm, with as many workers. Both see the same
files in turns. vipsthumbnail (Debian's libvips-tools) makes one JPEG of 512 pixels a photo; rushlight reads EXIF,
makes tiles of 512, 256, 128 and 32 pixels in BC7 and keeps them in its cache, which is new in each round.

    cargo build --release
    ../shared/tools/make_shoot.py /tmp/shoot --photos 60 --megapixels 24
    benches/thumbnails.py /tmp/shoot
"""

import argparse
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import tempfile
import time


def run(command, **options):
    """Wall and CPU seconds of a command with all that it starts, and what it prints."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.monotonic()
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, **options).stdout
    wall = time.monotonic() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return wall, cpu, printed


def vips(photos, workers, folder):
    environment = os.environ | {"VIPS_CONCURRENCY": "1"}
    names = "\0".join(map(str, photos)).encode()
    command = ["xargs", "-0", "-P", str(workers), "-n", "1"]
    command += ["vipsthumbnail", "-s", "512", "-o", f"{folder}/%s.jpg"]
    return run(command, input=names, env=environment)[:2]


def rushlight(program, shoot, workers, folder, count):
    homes = {f"XDG_{name}_HOME": f"{folder}/{name}" for name in ("CACHE", "CONFIG", "DATA")}
    environment = os.environ | homes | {"RAYON_NUM_THREADS": str(workers)}
    wall, cpu, printed = run([program, "index", "--json", shoot], env=environment)
    report = json.loads(printed.splitlines()[0])
    assert (report["photos"], report["decodes"]) == (count, count), report
    return wall, cpu


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shoot", type=pathlib.Path, help="a folder of JPEGs")
    parser.add_argument("--program", default="target/release/rushlight")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    if not shutil.which("vipsthumbnail"):
        raise SystemExit("vipsthumbnail is missing: sudo apt-get install libvips-tools")
    photos = sorted(p for p in asked.shoot.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg"))
    for photo in photos:
        photo.read_bytes()
    rounds = []
    for at in range(asked.rounds):
        with tempfile.TemporaryDirectory() as folder:
            theirs = vips(photos, asked.workers, folder)
            ours = rushlight(asked.program, asked.shoot, asked.workers, folder, len(photos))
        rounds.append((theirs, ours))
        for name, (wall, cpu) in (("vipsthumbnail", theirs), ("rushlight", ours)):
            rate, each = len(photos) / wall, 1000 * cpu / len(photos)
            print(f"round {at + 1}  {name:<14}{rate:7.1f} photos/s  {each:7.1f} ms of CPU a photo")
    for what, at in (("photos a second", 0), ("CPU of a photo", 1)):
        ratio = statistics.median(theirs[at] / ours[at] for theirs, ours in rounds)
        print(f"{what}: {ratio:.2f} times vipsthumbnail's")


if __name__ == "__main__":
    main()

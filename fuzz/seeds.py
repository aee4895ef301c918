#!/usr/bin/env python3
"""Collects first inputs for the fuzz targets from the photos beside the repository, or below
$RUSHLIGHT_SHARED, into corpus/seeds: the first 64 KiB of each, which hold most headers, and the
thumbnails in them, which are small whole pictures in every camera's sampling. Nothing of it is
committed."""

import hashlib
import os
import pathlib

here = pathlib.Path(__file__).resolve().parent
photos = pathlib.Path(os.environ.get("RUSHLIGHT_SHARED", here / "../../shared")) / "photos"
seeds = here / "corpus/seeds"
seeds.mkdir(parents=True, exist_ok=True)
for photo in sorted(photos.rglob("*")):
    if not photo.is_file() or photo.suffix.lower() in (".json", ".md"):
        continue
    with open(photo, "rb") as file:
        header = file.read(1 << 16)
    found = [header]
    start = header.find(b"\xff\xd8\xff", 2)
    end = header.find(b"\xff\xd9", start)
    if start > 0 and end > 0:
        found.append(header[start:end + 2])
    for seed in found:
        (seeds / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
count = len(list(seeds.iterdir()))
print(f"{count} seeds in {seeds}" if count else f"no photos in {photos}: fuzz without seeds")

#!/usr/bin/env bash
# Trains models/embed.onnx again, from the same photographs and the same seed: models/README.md.
#
#   tools/model.sh                as the network that ships was trained
#   tools/model.sh --quick        a fraction of it, to see that the whole chain works
#
# SHARED names the folder with photos/ and tools/make_shoot.py, ../shared unless it is set. Frames, tiles
# and Python's packages go to target/model, and are not made again when they are there.
set -euo pipefail
cd "$(dirname "$0")/.."

shared=${SHARED:-../shared}
work=target/model
python=$work/python/bin/python

for needed in "$shared/photos/sources" "$shared/tools/make_shoot.py"; do
    if [ ! -e "$needed" ]; then
        echo "model: what it is trained from is not there: $needed (SHARED names another folder)" >&2
        exit 1
    fi
done
if ! [ -e "$work/python/.ready" ] || [ models/train/requirements.txt -nt "$work/python/.ready" ]; then
    mkdir -p "$work"
    python3 -m venv "$work/python" || {
        echo "model: Python has no venv: apt-get install python3-venv" >&2
        exit 1
    }
    "$python" -m pip install --quiet --disable-pip-version-check -r models/train/requirements.txt
    touch "$work/python/.ready"
fi
JAX_PLATFORMS=cpu exec "$python" models/train/train.py --photos "$shared/photos" \
    --maker "$shared/tools/make_shoot.py" --tiles target/release/examples/tiles \
    --work "$work" --out models "$@"

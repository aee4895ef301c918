#!/usr/bin/env bash
# The ONNX runtime's library, out of its Python wheel, into .onnxruntime (ignored by git), once.
#
# The wheel is the one place that offers it for every platform through a package registry. Without
# it everything but the learned proposals works, so what fails here is told and stops nothing.
set -euo pipefail

version=1.31.1
folder=$(dirname "$0")/../.onnxruntime
mark=$folder/$version

[ -e "$mark" ] && exit 0
if ! python3 -m pip --version >/dev/null 2>&1; then
    echo "setup: the ONNX library is left out, as Python has no pip" >&2
    exit 0
fi
wheels=$(mktemp -d)
trap 'rm -rf "$wheels"' EXIT
echo "setup: fetching the ONNX library $version"
if ! python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
    --dest "$wheels" "onnxruntime==$version"; then
    echo "setup: the ONNX library could not be fetched, and is left out" >&2
    exit 0
fi
mkdir -p "$folder"
# Under its plain name, whatever the platform numbers it; and the licence that it comes with.
python3 - "$wheels" "$folder" <<'PYTHON'
import pathlib, re, sys, zipfile

wheel = next(pathlib.Path(sys.argv[1]).glob("*.whl"))
folder = pathlib.Path(sys.argv[2])
plain = re.compile(r"onnxruntime/capi/((?:lib)?onnxruntime)[.\d]*(\.so|\.dylib|\.dll)[.\d]*$")
with zipfile.ZipFile(wheel) as content:
    for name in content.namelist():
        found = plain.match(name)
        if found or name in ("onnxruntime/LICENSE", "onnxruntime/ThirdPartyNotices.txt"):
            target = "".join(found.groups()) if found else pathlib.Path(name).name
            part = folder / (target + ".part")
            part.write_bytes(content.read(name))
            part.replace(folder / target)
PYTHON
touch "$mark"

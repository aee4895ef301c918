#!/usr/bin/env bash
# What the program needs from the system, looked for each time and installed when missing and allowed.
#
#   tools/setup.sh run     to build it and to open its window
#   tools/setup.sh test    to test it as well: a display without a screen, and a hand on its keyboard
#
# Packages on Debian and Ubuntu only; macOS, Windows and other systems bring what is needed, or say what
# is not there when it is asked for. Prints the exact command where it may not install.
set -euo pipefail

run_packages=(gcc libc6-dev libvulkan1 mesa-vulkan-drivers libxkbcommon-x11-0 libx11-xcb1
    libxcursor1 libxi6 libxrandr2 python3-pip)
test_packages=(xvfb xdotool openbox imagemagick x11-apps strace libimage-exiftool-perl exiv2)

what=${1:-run}

if ! command -v cargo >/dev/null; then
    echo "setup: Rust is missing: install it from https://rustup.rs, then try again" >&2
    exit 1
fi
if [ "$what" = test ] && ! { cargo fmt --version && cargo clippy --version; } >/dev/null 2>&1; then
    echo "setup: rustfmt or clippy is missing: rustup component add rustfmt clippy" >&2
    exit 1
fi

# The packages that are not installed, into `missing`.
find_missing() {
    local wanted=("${run_packages[@]}") package state
    [ "$what" = test ] && wanted+=("${test_packages[@]}")
    missing=()
    for package in "${wanted[@]}"; do
        # pip may have come another way, with a Python of one's own.
        [ "$package" = python3-pip ] && python3 -m pip --version >/dev/null 2>&1 && continue
        state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
        [ "$state" = installed ] || missing+=("$package")
    done
}

install_missing() {
    local install=(apt-get install -y --no-install-recommends "${missing[@]}") as_root drivers
    if [ "$(id -u)" -eq 0 ]; then
        as_root=(env DEBIAN_FRONTEND=noninteractive)
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root=(sudo env DEBIAN_FRONTEND=noninteractive)
    else
        echo "setup: packages are missing; install them with:" >&2
        echo "    sudo apt-get update && sudo ${install[*]}" >&2
        # A machine with a compiler and another driver than Mesa's may well do without the rest.
        drivers=(/usr/share/vulkan/icd.d/*.json /etc/vulkan/icd.d/*.json)
        if [ "$what" = run ] && command -v cc >/dev/null && ls "${drivers[@]}" 2>/dev/null | grep -q .; then
            echo "setup: going on without them, as there is a Vulkan driver" >&2
            return
        fi
        exit 1
    fi
    echo "setup: installing ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" "${install[@]}" -qq
}

if command -v dpkg-query >/dev/null; then
    find_missing
    [ ${#missing[@]} -eq 0 ] || install_missing
fi
"$(dirname "$0")/onnxruntime.sh"

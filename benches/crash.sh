#!/usr/bin/env bash
# Is every acknowledged decision in the store, and no sidecar torn, after 200 kills at random moments?
#
# Budget: none is lost. Three runs in four write sidecars, the fourth does not and the next catches up.
# The same moments each time; RUSHLIGHT_TEST_KILLS says how many.
set -euo pipefail
cd "$(dirname "$0")/.."
export RUSHLIGHT_TEST_KILLS=${RUSHLIGHT_TEST_KILLS:-200}
exec cargo test --test sidecar crash:: -- --nocapture

#!/usr/bin/env bash
# Installs what is missing, builds everything with warnings as errors, and runs the tests.
# May be repeated.
#
#   ./test.sh            all but those of label "long"
#   ./test.sh --all      every test
#   ./test.sh -R store   arguments go to ctest
set -euo pipefail
cd "$(dirname "$0")"

chosen=(--label-exclude long)
if [[ ${1:-} == --all ]]; then
  chosen=()
  shift
fi

./install.sh
mkdir -p build
cmake --preset suite >build/test.log 2>&1 || {
  tail -n 40 build/test.log >&2
  exit 1
}
cmake --build --preset suite
ctest --preset suite --no-tests=error --parallel "$(nproc)" "${chosen[@]}" "$@"

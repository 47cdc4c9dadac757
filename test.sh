#!/usr/bin/env bash
# Installs what is missing, builds everything with warnings as errors, and runs every test.
# May be repeated. Arguments go to ctest:  ./test.sh -R store
set -euo pipefail
cd "$(dirname "$0")"

./install.sh
mkdir -p build
cmake --preset suite >build/test.log 2>&1 || {
  tail -n 40 build/test.log >&2
  exit 1
}
cmake --build --preset suite
ctest --preset suite --parallel "$(nproc)" "$@"

#!/usr/bin/env bash
# Runs npm with these arguments: this machine's, or else the pinned one from npm's registry, which
# needs nothing but node and is fetched once into third_party/npm. (Debian's own package of npm
# brings 350 others, which take minutes to install.)
set -euo pipefail

readonly npm_package=npm@9.9.4
readonly npm_sha256=640bdd76a0b9d92e9da6e391abae75fd2f168478e416847f3acdb8373737e0ee

command -v npm >/dev/null && exec npm "$@"

fail() {
  echo "npm.sh: $1" >&2
  exit 1
}

command -v node >/dev/null || fail "node is missing: run ./install.sh, which installs it"
into=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/third_party
readonly into program=$into/npm/bin/npm-cli.js

fetch() {
  local version=${npm_package#npm@} work registry
  # As npm finds it: an office may have a registry of its own.
  registry=${npm_config_registry:-$(cat /etc/npmrc ~/.npmrc 2>/dev/null |
    sed -n 's/^registry *= *//p' | tail -n 1)}
  registry=${registry:-https://registry.npmjs.org}
  work=$(mktemp -d "$into/.npm.XXXXXX")
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  /usr/lib/apt/apt-helper -q download-file "${registry%/}/npm/-/npm-$version.tgz" \
    "$work/npm.tgz" "SHA256:$npm_sha256" >"$work/said" 2>&1 || {
    tail -n 5 "$work/said" >&2
    fail "$npm_package did not arrive as pinned: check the network, or install npm, then run again"
  }
  tar -xzf "$work/npm.tgz" -C "$work"
  rm -rf "$into/npm"
  mv -T "$work/package" "$into/npm"
}

if [[ ! -f $program ]]; then
  mkdir -p "$into"
  exec 9>"$into/.npm.lock"
  flock 9
  [[ -f $program ]] || (fetch) # a process of its own, so that its trap cleans up
  exec 9>&-
fi
exec node "$program" "$@"

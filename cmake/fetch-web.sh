#!/usr/bin/env bash
# Puts what the browser application is built from into viewer/web/node_modules: exactly the versions
# of package-lock.json, each checked against the hash there. Where it is right already, a second run
# takes a moment and needs no network. No script of a package runs.
#
#   cmake/fetch-web.sh [--check]
#
# --check   fetches nothing; fails if something is missing or of other versions
set -euo pipefail

case ${1:-} in
  '' | --check) ;;
  *) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

cd "$(dirname "${BASH_SOURCE[0]}")/../viewer/web"
# npm begins by emptying node_modules: a run that was killed leaves no mark.
readonly mark=node_modules/.juanzong

is_right() {
  sha256sum --check --status "$mark" 2>/dev/null
}

is_right && exit
[[ ${1:-} != --check ]] || exit 1

exec 9>.fetch.lock
flock 9
is_right && exit # somebody else fetched it while we waited
../../cmake/npm.sh ci --ignore-scripts --no-audit --no-fund --loglevel=error || {
  echo "fetch-web: npm could not fetch the packages: check the network and npm's registry" \
    "setting, then run again" >&2
  exit 1
}
sha256sum package.json package-lock.json >"$mark"

#!/usr/bin/env bash
# Shows what Juanzong does: installs what is missing, builds the program, digitizes the fictional
# dossiers of samples/ into a new archive, prints the batch report, searches the archive, and
# serves it to a browser. Where nobody sits at a terminal it ends before that and says how.
# May be repeated; every run makes the archive anew. Takes minutes the first time.
set -euo pipefail
cd "$(dirname "$0")"

readonly program=build/release/bin/juanzong
readonly archive=build/demo/archive
# The program's exit code when a batch is complete, but pages of it wait for a person: the
# samples hold a damaged file.
readonly set_aside=4
# Of the demo alone, and of everybody in it.
readonly password="a demo password"
readonly address=127.0.0.1:8080

heading() {
  printf '\n== %s\n' "$*"
}

run() {
  printf '\n$ %s\n' "$*"
  "$@"
}

# quietly COMMAND...: shows what the command said only when it fails
quietly() {
  "$@" >build/demo.log 2>&1 || {
    tail -n 40 build/demo.log >&2
    echo "demo: '$*' failed; all it said is in build/demo.log" >&2
    exit 1
  }
}

new_archive() {
  [[ ! -e $archive ]] || chmod -R u+rwX "$archive" # objects are stored read-only
  rm -rf "$archive"
  mkdir -p "$(dirname "$archive")"
  run "$program" init "$archive"
}

digitize_samples() {
  local code=0
  run "$program" ingest --archive "$archive" samples/scans || code=$?
  [[ $code == 0 || $code == "$set_aside" ]] || exit "$code"
}

# user NAME POST: takes somebody in
user() {
  "$program" user add --archive "$archive" "$1" --post "$2" --password <<<"$password"
}

heading "Installing what is missing"
./install.sh --program
mkdir -p build
heading "Building"
quietly cmake --preset release
quietly cmake --build --preset release --target juanzong juanzong_models juanzong_web

heading "Digitizing samples/scans into a new archive"
new_archive
digitize_samples
run "$program" status --archive "$archive" --set-aside

heading "Finding: a person, a phrase, and a word in traditional script"
run "$program" search --archive "$archive" --limit 5 汤君英
run "$program" search --archive "$archive" --limit 5 '"工伤认定决定书"'
run "$program" search --archive "$archive" --limit 5 喪葬撫恤

heading "Checking every object and every reference"
run "$program" verify --archive "$archive"

heading "Users of the demo, all with the password '$password'"
user clerk counter_clerk
user manager records_manager
user reviewer first_reviewer
user auditor auditor

cat <<END

== Going on
  $program serve --archive $archive                        in a browser: http://$address/
  $program show --archive $archive 1                       what was read on page 1
  $program show --archive $archive 1 --picture page.png    the same, drawn on the scan
  $program search --archive $archive WORDS                 words, numbers, "phrases", 姓名:汤君英
  $program init my-archive                                 an archive of your own
  $program ingest --archive my-archive FOLDER              your scans into it
  $program --help                                          everything else
END

if [[ -t 0 && -t 1 ]]; then
  heading "Serving the archive at http://$address/ until Ctrl-C: sign in as clerk or manager"
  exec "$program" serve --archive "$archive" --listen "$address"
fi

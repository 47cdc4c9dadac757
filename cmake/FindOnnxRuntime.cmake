# Finds ONNX Runtime: the one cmake/fetch-recognition.sh put into third_party/, or else the
# system's own (Debian 13: libonnxruntime-dev).
#
# Target:    OnnxRuntime::OnnxRuntime
# Variables: OnnxRuntime_FOUND, OnnxRuntime_INCLUDE_DIR, OnnxRuntime_LIBRARY, OnnxRuntime_API_VERSION,
#            OnnxRuntime_FETCHED: it is the one in third_party/, which no package of the system brings
#
# The headers may be older than the library: the C interface is versioned, and a library
# serves every interface version up to its own.
set(_fetched ${PROJECT_SOURCE_DIR}/third_party/onnxruntime)
find_path(OnnxRuntime_INCLUDE_DIR onnxruntime_cxx_api.h
  HINTS ${_fetched}/include PATH_SUFFIXES onnxruntime)
find_library(OnnxRuntime_LIBRARY onnxruntime HINTS ${_fetched}/lib)
mark_as_advanced(OnnxRuntime_INCLUDE_DIR OnnxRuntime_LIBRARY)

string(FIND "${OnnxRuntime_LIBRARY}" "${_fetched}/" _place)
if(_place EQUAL 0)
  set(OnnxRuntime_FETCHED ON)
else()
  set(OnnxRuntime_FETCHED OFF)
endif()

if(OnnxRuntime_INCLUDE_DIR)
  file(STRINGS ${OnnxRuntime_INCLUDE_DIR}/onnxruntime_c_api.h _line
    REGEX "^#define ORT_API_VERSION [0-9]+")
  string(REGEX REPLACE "[^0-9]" "" OnnxRuntime_API_VERSION "${_line}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OnnxRuntime
  REQUIRED_VARS OnnxRuntime_LIBRARY OnnxRuntime_INCLUDE_DIR
  VERSION_VAR OnnxRuntime_API_VERSION
  REASON_FAILURE_MESSAGE "run ./install.sh, which fetches it")

if(OnnxRuntime_FOUND AND NOT TARGET OnnxRuntime::OnnxRuntime)
  # An imported target's include folder is a SYSTEM one, and the library's folder goes into
  # the build's run path.
  add_library(OnnxRuntime::OnnxRuntime SHARED IMPORTED)
  set_target_properties(OnnxRuntime::OnnxRuntime PROPERTIES
    IMPORTED_LOCATION ${OnnxRuntime_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${OnnxRuntime_INCLUDE_DIR})
endif()
unset(_fetched)
unset(_place)
unset(_line)

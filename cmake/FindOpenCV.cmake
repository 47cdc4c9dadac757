# Finds single modules of OpenCV, so that its small -dev packages suffice: Debian's libopencv-dev,
# which holds OpenCV's own CMake files, brings 200 packages more.
#
# Targets:   opencv_<component> (default components: core imgproc)
# Variables: OpenCV_FOUND, OpenCV_LIBS, OpenCV_INCLUDE_DIRS, OpenCV_VERSION
if(NOT OpenCV_FIND_COMPONENTS)
  set(OpenCV_FIND_COMPONENTS core imgproc)
endif()
find_path(OpenCV_INCLUDE_DIR opencv2/core/version.hpp PATH_SUFFIXES opencv4)
set(OpenCV_INCLUDE_DIRS ${OpenCV_INCLUDE_DIR})
set(OpenCV_LIBS)
mark_as_advanced(OpenCV_INCLUDE_DIR)

if(OpenCV_INCLUDE_DIR)
  set(OpenCV_VERSION)
  foreach(_part MAJOR MINOR REVISION)
    file(STRINGS ${OpenCV_INCLUDE_DIR}/opencv2/core/version.hpp _line
      REGEX "^#define CV_VERSION_${_part} +[0-9]+")
    string(REGEX REPLACE "[^0-9]" "" _number "${_line}")
    list(APPEND OpenCV_VERSION ${_number})
  endforeach()
  list(JOIN OpenCV_VERSION "." OpenCV_VERSION)
endif()

foreach(_module IN LISTS OpenCV_FIND_COMPONENTS)
  string(REPLACE "opencv_" "" _module ${_module})
  find_library(OpenCV_${_module}_LIBRARY opencv_${_module})
  mark_as_advanced(OpenCV_${_module}_LIBRARY)
  set(OpenCV_${_module}_FOUND FALSE)
  set(OpenCV_opencv_${_module}_FOUND FALSE)
  if(OpenCV_${_module}_LIBRARY AND OpenCV_INCLUDE_DIR)
    set(OpenCV_${_module}_FOUND TRUE)
    set(OpenCV_opencv_${_module}_FOUND TRUE)
    list(APPEND OpenCV_LIBS opencv_${_module})
    if(NOT TARGET opencv_${_module})
      add_library(opencv_${_module} SHARED IMPORTED)
      set_target_properties(opencv_${_module} PROPERTIES
        IMPORTED_LOCATION ${OpenCV_${_module}_LIBRARY}
        INTERFACE_INCLUDE_DIRECTORIES ${OpenCV_INCLUDE_DIR})
    endif()
  endif()
endforeach()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OpenCV
  REQUIRED_VARS OpenCV_INCLUDE_DIR
  VERSION_VAR OpenCV_VERSION
  HANDLE_COMPONENTS)

# Which sources are compiled together: sixteen of a target at a time. From scratch that costs a third
# of compiling each alone, for the headers are most of it.

set(JUANZONG_UNIT_SIZE 16)

# juanzong_apart(FILES...): sources that are compiled with one another but not with the rest of their
# target, because a name in an unnamed namespace of theirs is one of another file's as well. Files that
# share a name among themselves are named in calls of their own.
function(juanzong_apart)
  get_property(calls DIRECTORY PROPERTY JUANZONG_APART_CALLS)
  math(EXPR calls "0${calls} + 1")
  set_property(DIRECTORY PROPERTY JUANZONG_APART_CALLS ${calls})
  set_source_files_properties(${ARGN} PROPERTIES JUANZONG_APART ${calls})
endfunction()

function(juanzong_group_sources target)
  get_target_property(sources ${target} SOURCES)
  get_target_property(folder ${target} SOURCE_DIR)
  list(FILTER sources INCLUDE REGEX "\\.cpp$")
  set(together 0)
  foreach(source IN LISTS sources)
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${folder} NORMALIZE)
    get_source_file_property(apart ${source} TARGET_DIRECTORY ${target} JUANZONG_APART)
    if(apart)
      set(group apart${apart})
    else()
      math(EXPR unit "${together} / ${JUANZONG_UNIT_SIZE}")
      math(EXPR together "${together} + 1")
      set(group ${unit})
    endif()
    set_source_files_properties(${source} TARGET_DIRECTORY ${target} PROPERTIES UNITY_GROUP ${group})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
endfunction()

# juanzong_group(DIRECTORY): groups the sources of every target in and below it; the last thing done.
function(juanzong_group directory)
  get_property(targets DIRECTORY ${directory} PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    if(type MATCHES "STATIC_LIBRARY|EXECUTABLE")
      juanzong_group_sources(${target})
    endif()
  endforeach()
  get_property(folders DIRECTORY ${directory} PROPERTY SUBDIRECTORIES)
  foreach(folder IN LISTS folders)
    juanzong_group(${folder})
  endforeach()
endfunction()

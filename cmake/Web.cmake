# Makes share/juanzong/web beside the program's bin/: the browser application that `juanzong serve`
# gives out. The packages it is built from are fetched by cmake/fetch-web.sh.
# Target: juanzong_web (part of "all"; empty where there is no Node).
set(JUANZONG_WEB_SOURCE ${PROJECT_SOURCE_DIR}/viewer/web)
set(JUANZONG_WEB_DIR ${PROJECT_BINARY_DIR}/share/juanzong/web)

add_custom_target(juanzong_web ALL)
find_program(NODE_PROGRAM node)
if(NOT NODE_PROGRAM)
  message(STATUS "No Node: the browser application is not built; run ./install.sh")
  return()
endif()

set(_tables ${PROJECT_SOURCE_DIR}/config)
file(GLOB_RECURSE _sources CONFIGURE_DEPENDS
  ${JUANZONG_WEB_SOURCE}/src/* ${JUANZONG_WEB_SOURCE}/public/* ${_tables}/forms/DT*.toml)
list(APPEND _sources
  ${_tables}/domain/document_types.csv ${_tables}/domain/fields.csv ${_tables}/messages.csv)
foreach(_name index.html licences.ts office_words.ts package-lock.json package.json
    svelte.config.js tsconfig.json vite.config.ts)
  list(APPEND _sources ${JUANZONG_WEB_SOURCE}/${_name})
endforeach()

set(_stamp ${PROJECT_BINARY_DIR}/web.stamp)
add_custom_command(OUTPUT ${_stamp}
  COMMAND ${CMAKE_CURRENT_LIST_DIR}/fetch-web.sh
  COMMAND ${CMAKE_CURRENT_LIST_DIR}/npm.sh run --silent build --
    --outDir ${JUANZONG_WEB_DIR} --emptyOutDir --logLevel warn
  COMMAND ${CMAKE_COMMAND} -E touch ${_stamp}
  WORKING_DIRECTORY ${JUANZONG_WEB_SOURCE}
  DEPENDS ${_sources} ${CMAKE_CURRENT_LIST_DIR}/fetch-web.sh
  COMMENT "Browser application" VERBATIM)
add_custom_target(juanzong_web_files DEPENDS ${_stamp})
add_dependencies(juanzong_web juanzong_web_files)

include(GNUInstallDirs)
install(DIRECTORY ${JUANZONG_WEB_DIR} DESTINATION ${CMAKE_INSTALL_DATADIR}/juanzong)

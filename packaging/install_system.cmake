# Run by `cmake --install` and by CPack: units, the user, the folder of the archive and the settings
# of the services, with the places of this installation. `_from` and `_work` are set before.
set(bindir ${CMAKE_INSTALL_PREFIX}/bin)
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(sysconfdir /etc)
else()
  set(sysconfdir ${CMAKE_INSTALL_PREFIX}/etc)
endif()

file(GLOB _units ${_from}/systemd/*)
foreach(_unit IN LISTS _units)
  cmake_path(GET _unit FILENAME _name)
  string(REGEX REPLACE "\\.in$" "" _name ${_name})
  configure_file(${_unit} ${_work}/${_name} @ONLY)
  file(INSTALL DESTINATION ${CMAKE_INSTALL_PREFIX}/lib/systemd/system TYPE FILE
    FILES ${_work}/${_name})
endforeach()
file(INSTALL DESTINATION ${CMAKE_INSTALL_PREFIX}/lib/sysusers.d TYPE FILE
  FILES ${_from}/sysusers.d/juanzong.conf)
file(INSTALL DESTINATION ${CMAKE_INSTALL_PREFIX}/lib/tmpfiles.d TYPE FILE
  FILES ${_from}/tmpfiles.d/juanzong.conf)
# What somebody wrote into it stays; as a conffile of the package it is dpkg's to keep.
if(NOT EXISTS "$ENV{DESTDIR}${sysconfdir}/default/juanzong")
  file(INSTALL DESTINATION ${sysconfdir}/default TYPE FILE FILES ${_from}/default/juanzong)
endif()

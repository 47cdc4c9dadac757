# Makes third_party/models/{det,rec,cls}.onnx, which the program reads with. The detector and the
# direction classifier are the fetched originals, cleaned by cmake/clean-model.py where python3-onnx is
# there, otherwise as they are. The recognizer is the one of ocr/models/, cleaned as well; it was trained
# from the original, cleaned for that: rec-published.onnx (ocr/training/README.md).
# Target: juanzong_models (part of "all"; empty when the originals are not there).
set(JUANZONG_MODELS_DIR ${PROJECT_SOURCE_DIR}/third_party/models)
set(_originals ${JUANZONG_MODELS_DIR}/original)
set(_python /usr/bin/python3)

add_custom_target(juanzong_models ALL)
if(NOT EXISTS ${_originals}/rec.onnx)
  message(STATUS "No recognition models: run ./install.sh, which fetches them")
  return()
endif()

execute_process(COMMAND ${_python} -c "import onnx, numpy"
  RESULT_VARIABLE _no_onnx OUTPUT_QUIET ERROR_QUIET)
if(_no_onnx)
  message(STATUS "No python3-onnx: the recognition models stay as they are, and slower")
endif()

set(_made)
function(clean_model from name)
  set(_to ${JUANZONG_MODELS_DIR}/${name}.onnx)
  if(_no_onnx)
    set(_make ${CMAKE_COMMAND} -E copy ${from} ${_to})
  else()
    set(_make ${_python} ${CMAKE_CURRENT_LIST_DIR}/clean-model.py ${from} ${_to} ${ARGN})
  endif()
  add_custom_command(OUTPUT ${_to} COMMAND ${_make}
    DEPENDS ${from} ${CMAKE_CURRENT_LIST_DIR}/clean-model.py
    COMMENT "Recognition model ${name}.onnx" VERBATIM)
  set(_made ${_made} ${_to} PARENT_SCOPE)
endfunction()
clean_model(${_originals}/det.onnx det)
clean_model(${_originals}/cls.onnx cls)
clean_model(${_originals}/rec.onnx rec-published --for-training)
clean_model(${PROJECT_SOURCE_DIR}/ocr/models/rec.onnx rec)
foreach(_name keys.txt NOTICE LICENSE)
  set(_to ${JUANZONG_MODELS_DIR}/${_name})
  add_custom_command(OUTPUT ${_to}
    COMMAND ${CMAKE_COMMAND} -E copy ${_originals}/${_name} ${_to}
    DEPENDS ${_originals}/${_name} VERBATIM)
  list(APPEND _made ${_to})
endforeach()
add_custom_target(juanzong_model_files DEPENDS ${_made})
add_dependencies(juanzong_models juanzong_model_files)

include(GNUInstallDirs)
install(FILES
  ${JUANZONG_MODELS_DIR}/det.onnx ${JUANZONG_MODELS_DIR}/rec.onnx ${JUANZONG_MODELS_DIR}/cls.onnx
  ${JUANZONG_MODELS_DIR}/keys.txt ${JUANZONG_MODELS_DIR}/NOTICE ${JUANZONG_MODELS_DIR}/LICENSE
  DESTINATION ${CMAKE_INSTALL_DATADIR}/juanzong/models)

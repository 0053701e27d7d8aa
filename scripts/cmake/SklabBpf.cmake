# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

# bpf_compile(OBJECT source.bpf.c [flag...])
#
# Compiles a BPF object, a file of this name. Header dependencies are tracked through the compiler's
# own dependency file.
function(bpf_compile object source)
  get_filename_component(source_path "${source}" ABSOLUTE)
  add_custom_command(
    OUTPUT "${object}"
    COMMAND "${BPF_CLANG}" -target bpf -O2 -g ${ARGN} -Wall -Wextra -Werror
            -I "${PROJECT_SOURCE_DIR}" -isystem "/usr/include/${CMAKE_LIBRARY_ARCHITECTURE}"
            -MD -MF "${object}.d" -MT "${object}" -c "${source_path}" -o "${object}"
    DEPENDS "${source_path}"
    DEPFILE "${object}.d"
    VERBATIM COMMENT "Compiling BPF object ${source}")
endfunction()

# bpf_object(NAME source.bpf.c)
#
# Compiles a BPF object, generates its skeleton, and makes target NAME, which gives its users
# "NAME.skel.h".
add_custom_target(generated_headers COMMENT "Headers that a compiler needs to see")

function(bpf_object name source)
  set(object "${CMAKE_CURRENT_BINARY_DIR}/${name}.bpf.o")
  set(skeleton "${CMAKE_CURRENT_BINARY_DIR}/${name}.skel.h")
  bpf_compile("${object}" "${source}")
  # A shell is needed for the redirection only; the temporary name keeps a failed run from leaving
  # an empty header that looks up to date.
  add_custom_command(
    OUTPUT "${skeleton}"
    COMMAND sh -c "\"$0\" gen skeleton \"$1\" name \"$2\" > \"$3.tmp\" && mv \"$3.tmp\" \"$3\""
            "${BPFTOOL}" "${object}" "${name}" "${skeleton}"
    DEPENDS "${object}"
    VERBATIM COMMENT "Generating skeleton ${name}")
  add_custom_target(${name}_skeleton DEPENDS "${skeleton}")
  add_dependencies(generated_headers ${name}_skeleton)
  add_library(${name} INTERFACE)
  add_dependencies(${name} ${name}_skeleton)
  target_include_directories(${name} SYSTEM INTERFACE "${CMAKE_CURRENT_BINARY_DIR}")
  target_link_libraries(${name} INTERFACE PkgConfig::libbpf)
endfunction()

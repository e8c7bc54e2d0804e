# SPDX-License-Identifier: Apache-2.0
# Warnings, hardening, sanitizers: one place for all targets.
include(CheckPIESupported)
check_pie_supported()

add_compile_options(-Wall -Wextra -Wconversion -Wshadow)
if(CATENA_WERROR)
  add_compile_options(-Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # g++ 12 sees overlapping copies in the library's own string concatenation (GCC bug 105651).
  add_compile_options(-Wno-restrict)
endif()
# Any x86-64-v2 machine (2009 and later); wider instructions only behind run-time dispatch.
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  add_compile_options(-march=x86-64-v2 -fcf-protection)
endif()
add_compile_options(-fstack-protector-strong -fno-omit-frame-pointer -fno-semantic-interposition)
add_compile_definitions(_GLIBCXX_ASSERTIONS)
# The build id keys what one start keeps for the next (engine/app/build_identity.h).
add_link_options(-Wl,-z,relro,-z,now -Wl,--build-id=sha1)

if(CATENA_SANITIZE)
  # No _FORTIFY_SOURCE here: its checked calls hide the accesses from the sanitizers.
  add_compile_options(-fsanitize=${CATENA_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${CATENA_SANITIZE})
elseif(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  # Undefined first: some compilers come with a value of their own. It needs optimisation.
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()

if(CATENA_FUZZ AND NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  message(FATAL_ERROR "CATENA_FUZZ needs clang, which carries libFuzzer: cmake --preset fuzz")
endif()

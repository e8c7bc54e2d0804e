# SPDX-License-Identifier: Apache-2.0
# Warnings, hardening, sanitizers: one place for all targets.
add_compile_options(-Wall -Wextra -Wconversion -Wshadow -Werror)
# Any x86-64-v2 machine (2009 and later); wider instructions only behind run-time dispatch.
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  add_compile_options(-march=x86-64-v2)
endif()
add_compile_options(-fstack-protector-strong -fcf-protection -fno-omit-frame-pointer)
add_compile_definitions(_GLIBCXX_ASSERTIONS)
if(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
add_link_options(-Wl,-z,relro,-z,now)
if(CATENA_SANITIZE)
  add_compile_options(-fsanitize=${CATENA_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${CATENA_SANITIZE})
endif()

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/libbpf_log.h"

#include <bpf/libbpf.h>

#include <cstdarg>
#include <cstdio>
#include <cstdlib>

namespace sklab {
namespace {

int print_to_stderr(libbpf_print_level /*level*/, const char *format, va_list arguments) {
  return std::vfprintf(stderr, format, arguments);
}

}  // namespace

void set_up_libbpf_log() {
  libbpf_set_print(std::getenv("SKLAB_LIBBPF_DEBUG") != nullptr ? print_to_stderr : nullptr);
}

}  // namespace sklab

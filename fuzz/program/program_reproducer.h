// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "fuzz/program/program_lab.h"

namespace sklab {

// A C program that needs nothing but libbpf: makes the sockets and maps, loads the instructions and
// runs them, if the rules let them load. Its exit codes are those of stand_alone_c().
std::string write_reproducer(const ProgramFinding &finding, const std::string &signature);

}  // namespace sklab

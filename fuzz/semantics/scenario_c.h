// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Scenarios as the C of reproducers has them (fuzz/target/c/scripts.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/scenario.h"

namespace sklab {

// A socket's place in the table of sockets, and in the SOCKMAP.
std::string c_index(const Scenario &scenario, size_t socket);

// The headers that what follows needs.
std::string c_headers_of(const Scenario &scenario);
// The table of sockets, and a function for each program that loads it.
std::string c_sockets_and_programs(const Scenario &scenario);
// Statements of a function that has the sockets' descriptors in `fds`.
std::string c_attach_all(const Scenario &scenario);
// Statements about `results`, by program.
std::string c_compare_programs(const Scenario &scenario, const std::vector<uint64_t> &run_counts,
                               const std::vector<std::vector<int>> &assign_results);
// main(), which tries run() in as many network namespaces as it may take.
std::string c_main(const Scenario &scenario);

}  // namespace sklab

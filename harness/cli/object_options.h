// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/kernel/user_object.h"

namespace sklab {

// What commands take that can be asked about a user's program.
struct ObjectOptions {
  std::string object;    // FILE[:PROGRAM]; "" for none
  std::string scenario;  // file
};

// Adds --object and --scenario, of which each needs the other. `unrelated` are options of the
// command that make no sense with them.
void add_object_options(CLI::App &command, ObjectOptions &options,
                        std::initializer_list<const char *> unrelated);

// Null if there is none. Errors: kUsage for what is wrong with the scenario; the object is not read
// yet. A command whose processes read it themselves cannot take it from stdin.
Result<SharedObject> read_object(const ObjectOptions &options, bool may_be_stdin = true);

// The files that they name, for a guest.
std::vector<std::filesystem::path> files_of(const ObjectOptions &options);

// Loads it and lets go of it again, so that a mistake in it is told before anything is measured.
// Null is fine. Errors: those of PopulatedNetns::create().
Result<> try_object(const SharedObject &object);

// How to have both, for the help.
inline constexpr char kObjectHelp[] =
    "With --object a BPF object of yours is asked instead of sklab's own programs: nothing else "
    "of\n"
    "it is loaded, and nothing is pinned. The scenario has its sockets, map entries, and packets\n"
    "with the answers that they are to get:\n"
    "  object 1\n"
    "  socket web tcp4 127.0.0.1:8080\n"
    "  entry bindings4 key u32:56 u8:6 u8:0 be16:80 ip4:192.0.2.0 value u32:1\n"
    "  entry sockets key u32:1 socket web\n"
    "  packet tcp4 127.0.0.9:4000 -> 192.0.2.7:80 = web\n\n";

}  // namespace sklab

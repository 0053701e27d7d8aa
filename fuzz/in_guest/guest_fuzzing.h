// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/guest/guest_run.h"

namespace sklab {

// The guests that fuzzers are to run in.
struct GuestFuzzing {
  std::string target;  // as the user named it: "guest:6.12"
  GuestKernel kernel;
  Processor processor = Processor::kDeterministic;
  unsigned cpus = 1;
  unsigned memory_mib = 1024;
};

// A program to run in a guest, with what it needs there.
struct GuestProgram {
  std::vector<std::string> arguments;  // the first is the program's path
  std::map<std::string, std::string> environment;
  std::vector<std::filesystem::path> inputs;  // empty ones are left out
};

// A guest for it whose kernel stops where it finds a fault in itself, and whose notes are a stream
// (guest_stream.h). `limit_s` of the host's clock.
GuestJob fuzz_job(const GuestFuzzing &fuzzing, const GuestProgram &program, uint64_t seed,
                  double limit_s);

}  // namespace sklab

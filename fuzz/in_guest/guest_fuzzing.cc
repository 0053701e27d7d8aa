// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/in_guest/guest_fuzzing.h"

namespace sklab {

GuestJob fuzz_job(const GuestFuzzing &fuzzing, const GuestProgram &program, uint64_t seed,
                  double limit_s) {
  GuestJob job;
  job.kernel = fuzzing.kernel;
  job.command.arguments = program.arguments;
  job.command.environment = program.environment;
  job.command.folder = "/tmp";
  for (const auto &path : program.inputs) {
    if (!path.empty()) job.command.inputs.push_back(std::filesystem::absolute(path));
  }
  job.options.processor = fuzzing.processor;
  job.options.cpus = fuzzing.cpus;
  job.options.memory_mib = fuzzing.memory_mib;
  job.options.seed = seed;
  job.options.limit_s = limit_s;
  job.options.kernel_arguments = kStopAtFaults;
  job.options.notes = true;
  return job;
}

}  // namespace sklab

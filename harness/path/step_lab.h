// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "harness/base/result.h"
#include "harness/kernel/bpf_map.h"
#include "harness/kernel/load_attempt.h"
#include "harness/kernel/mapped_array.h"
#include "harness/kernel/netns.h"
#include "harness/kernel/socket_set.h"
#include "harness/model/step_run.h"
#include "harness/path/step_code.h"

namespace sklab {

// Loads and runs programs of steps. The sockets, the maps that hold them and the netns that they
// are in stay while programs come and go.
class StepLab {
 public:
  // Errors: kUnavailable without CAP_BPF and CAP_PERFMON, for which the rules are.
  static Result<StepLab> create();

  [[nodiscard]] const KnownDeviations &deviations() const { return deviations_; }

  // Descriptors of maps are those of this lab.
  [[nodiscard]] StepCode compile(const StepProgram &program) const {
    return compile_steps(program, maps());
  }
  // Without the verifier's log, which costs more than all the rest.
  [[nodiscard]] LoadAttempt load(const StepProgram &program) const;
  [[nodiscard]] LoadAttempt load_with_message(const StepProgram &program) const;

  // Whether the program may be run: a kernel that lets load what the rules refuse, the kernel's own
  // and no mutant's, would act on an address that is none.
  [[nodiscard]] static bool may_run(const StepProgram &program);

  // Runs what load() gave, once. Errors: the program may not be run, among others. Shown values of
  // addresses are left out as in a prediction.
  Result<StepRun> run(int program_fd, const StepProgram &program, const StepRun &expected);

 private:
  StepLab(Netns netns, SocketSet sockets, BpfMap sockmap, BpfMap sockhash, BpfMap memory_map,
          MappedArray<StepMemory> memory)
      : netns_(std::move(netns)),
        sockets_(std::move(sockets)),
        sockmap_(std::move(sockmap)),
        sockhash_(std::move(sockhash)),
        memory_map_(std::move(memory_map)),
        memory_(std::move(memory)) {}

  [[nodiscard]] StepMaps maps() const { return {sockmap_.fd(), sockhash_.fd(), memory_map_.fd()}; }
  Result<> fill();
  Result<> read_cookies();
  Result<> probe_deviations();

  Netns netns_;
  SocketSet sockets_;
  BpfMap sockmap_;
  BpfMap sockhash_;
  BpfMap memory_map_;
  MappedArray<StepMemory> memory_;
  std::vector<uint64_t> cookies_;
  KnownDeviations deviations_;
};

}  // namespace sklab

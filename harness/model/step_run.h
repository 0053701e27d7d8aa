// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/model/rules.h"
#include "harness/model/step_program.h"

namespace sklab {

// What the kernel does otherwise than the rules, and is known to.
struct KnownDeviations {
  // A load of the high half of a field that the kernel keeps in 2 bytes gives the low half
  // (results/studies/findings/high-half-loads.md).
  bool repeats_low_half = false;
  // A number that is not known is taken for a socket where another path has NULL there
  // (load_refusals.h). Such programs are never run.
  bool takes_numbers_for_null = false;
  // What a lookup in a SOCKMAP or SOCKHASH gives may be assigned before it was compared with NULL:
  // since Linux 7.3 refine_map_lookup_value() of kernel/bpf/verifier.c makes it a socket that may
  // be NULL at once, which bpf_sk_assign() takes.
  bool takes_unchecked_sockets = false;
  // A number that was found not to be 0 may be 0 in the next comparison: reg_set_min_max() of Linux
  // 6.1 learns nothing from that.
  bool forgets_inequality = false;
};

// What a program of steps does when BPF_PROG_TEST_RUN runs it.
struct StepRun {
  // By step, what it showed: loads, assigns and kObserve do, others and those that did not run
  // show nothing. An address is shown, but is nobody's to predict: then the value is 0.
  struct Shown {
    bool shown = false;
    bool predicted = false;
    uint64_t value = 0;

    bool operator==(const Shown &) const = default;
  };
  std::vector<Shown> shown;
  int error = 0;                   // errno of the test run
  uint32_t return_code = 0;        // that the test run gives
  std::optional<size_t> selected;  // of step_sockets()

  bool operator==(const StepRun &) const = default;
};

// None when what the program does depends on an address. The program loads, by the same rules.
std::optional<StepRun> run_program(const StepProgram &program, const Rules &rules,
                                   const KnownDeviations &deviations);

}  // namespace sklab

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Inputs of a fuzzer, once more, in a fresh guest.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "fuzz/campaign/fuzzers.h"
#include "fuzz/in_guest/guest_fuzzing.h"

namespace sklab {

struct Trial {
  std::string signature;  // of the kernel's fall, or of the finding; "" if neither came of it
  bool fell = false;
  size_t last_input = 0;                     // that was begun: the one that did it
  std::map<std::string, std::string> files;  // of the finding, by name
  GuestRecord guest;
};

class Trials {
 public:
  // `mutant` is the wrong rule, or "". `meanwhile` is called often.
  Trials(const GuestFuzzing &fuzzing, const Fuzzer &fuzzer, std::string mutant,
         std::function<void()> meanwhile)
      : fuzzing_(fuzzing),
        fuzzer_(fuzzer),
        mutant_(std::move(mutant)),
        meanwhile_(std::move(meanwhile)) {}

  // One after the other, until something comes of one. Errors: no guest, or one that did not come
  // to it; an interrupt.
  Result<Trial> run(const std::vector<std::string> &inputs, uint64_t seed = 1) const;
  // Files that show the input, by name, and its C program among them.
  Result<std::map<std::string, std::string>> describe(const std::string &input) const;
  // Builds a C program and runs it: the signature of the kernel's fall; "" if it survives. Errors:
  // no compiler, no libbpf; no guest.
  Result<std::string> run_reproducer(const std::string &source) const;

 private:
  Result<Trial> run_guest(const std::vector<std::string> &inputs, uint64_t seed,
                          bool only_describe) const;
  [[nodiscard]] GuestOutput run_job(GuestJob job) const;

  const GuestFuzzing &fuzzing_;
  const Fuzzer &fuzzer_;
  std::string mutant_;
  std::function<void()> meanwhile_;
};

}  // namespace sklab

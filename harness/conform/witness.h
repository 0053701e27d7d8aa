// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"
#include "harness/kernel/bpf_map.h"
#include "harness/model/context_rules.h"

namespace sklab {

// A sk_lookup program that counts how often it runs and copies its context. It passes or drops.
class Witness {
 public:
  // `return_code` is SK_PASS or SK_DROP.
  static Result<Witness> create(int32_t return_code);

  // Borrowed; to be attached.
  [[nodiscard]] int fd() const { return program_.get(); }

  // How often it ran since the last call.
  Result<uint64_t> take_runs();
  // The context of the last run; for `sk` there is 1 if it was not NULL.
  [[nodiscard]] Result<ContextBytes> context() const;

 private:
  Witness(BpfMap map, UniqueFd program) : map_(std::move(map)), program_(std::move(program)) {}

  BpfMap map_;
  UniqueFd program_;
};

// "family=2 protocol=17 ...", the bytes of each field in hexadecimal.
std::string describe(const ContextBytes &context);

}  // namespace sklab

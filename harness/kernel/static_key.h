// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/base/result.h"
#include "harness/kernel/skeleton.h"

struct static_key_bpf;

namespace sklab {

// The static key that turns the hook on for the whole machine while any link is attached anywhere
// (bpf_sk_lookup_enabled in net/core/filter.c).
class StaticKey {
 public:
  // Errors: kUnavailable where the kernel does not say where it is.
  static Result<StaticKey> find();
  StaticKey(StaticKey &&other) noexcept;
  StaticKey &operator=(StaticKey &&) = delete;
  ~StaticKey();

  // How many links hold it on.
  [[nodiscard]] Result<int> users() const;

 private:
  explicit StaticKey(std::unique_ptr<Skeleton<static_key_bpf>> program);

  std::unique_ptr<Skeleton<static_key_bpf>> program_;
};

}  // namespace sklab

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include <cerrno>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"

namespace sklab {

// Run counts are kept while this lives. It makes every program run slower, so nothing is timed
// then.
class BpfStats {
 public:
  // Errors: EPERM without CAP_SYS_ADMIN.
  static Result<BpfStats> enable() {
    UniqueFd fd(bpf_enable_stats(BPF_STATS_RUN_TIME));
    if (!fd.valid()) return fail("enable", "BPF run statistics", errno, "CAP_SYS_ADMIN is needed");
    return BpfStats(std::move(fd));
  }

 private:
  explicit BpfStats(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

}  // namespace sklab

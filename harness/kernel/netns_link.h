// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <vector>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"
#include "harness/kernel/netns.h"

namespace sklab {

// A sk_lookup program attached to a netns, for as long as this lives. Rules: netns_bpf_link_create
// and its neighbours in kernel/bpf/net_namespace.c.
class NetnsLink {
 public:
  // Programs run in the order in which they were attached.
  // Errors: E2BIG beyond 64 links; refused for the netns that the process was started in.
  static Result<NetnsLink> attach(int program_fd, const Netns &netns);

  // Replaces the program and keeps the position. Errors: ENOLINK once detached.
  Result<> update(int program_fd);

  // The link stays, without effect.
  Result<> detach();

  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  explicit NetnsLink(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

// Ids of the sk_lookup programs attached to the netns, in the order in which they run.
Result<std::vector<uint32_t>> attached_program_ids(const Netns &netns);

// How many sk_lookup links exist on the whole machine, in every netns. Any attached one switches on
// the kernel's static key bpf_sk_lookup_enabled, which every netns then pays for. Detached links
// count, too: the kernel describes a link whose netns is just going away in the same way, and that
// one still holds the key.
// Errors: EPERM without CAP_SYS_ADMIN.
Result<unsigned> count_sk_lookup_links();

}  // namespace sklab

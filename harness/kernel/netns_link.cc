// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/netns_link.h"

#include <bpf/bpf.h>

#include <cerrno>

namespace sklab {

Result<NetnsLink> NetnsLink::attach(int program_fd, const Netns &netns) {
  SKLAB_TRY(const bool starting, is_starting_netns(netns.fd()));
  if (starting) return fail("attach", "to the network namespace the process was started in", EPERM);
  UniqueFd fd(bpf_link_create(program_fd, netns.fd(), BPF_SK_LOOKUP, nullptr));
  if (!fd.valid()) return fail("attach", "sk_lookup program", errno);
  return NetnsLink(std::move(fd));
}

Result<> NetnsLink::update(int program_fd) {
  if (bpf_link_update(fd_.get(), program_fd, nullptr) == 0) return Ok{};
  return fail("update", "sk_lookup link", errno);
}

Result<> NetnsLink::detach() {
  if (bpf_link_detach(fd_.get()) == 0) return Ok{};
  return fail("detach", "sk_lookup link", errno);
}

Result<std::vector<uint32_t>> attached_program_ids(const Netns &netns) {
  std::vector<uint32_t> ids(64);
  __u32 flags = 0;
  auto count = static_cast<__u32>(ids.size());
  if (bpf_prog_query(netns.fd(), BPF_SK_LOOKUP, 0, &flags, ids.data(), &count) != 0) {
    return fail("query", "sk_lookup programs", errno);
  }
  ids.resize(count);
  return ids;
}

Result<unsigned> count_sk_lookup_links() {
  unsigned count = 0;
  __u32 id = 0;
  while (bpf_link_get_next_id(id, &id) == 0) {
    const UniqueFd fd(bpf_link_get_fd_by_id(id));
    // ENOENT: it went away in between.
    if (!fd.valid() && errno == ENOENT) continue;
    if (!fd.valid()) return fail("open", "BPF link by id", errno);
    bpf_link_info info{};
    __u32 size = sizeof(info);
    if (bpf_obj_get_info_by_fd(fd.get(), &info, &size) != 0) {
      return fail("read", "link info", errno);
    }
    if (info.type == BPF_LINK_TYPE_NETNS && info.netns.attach_type == BPF_SK_LOOKUP) ++count;
  }
  if (errno != ENOENT) return fail("list", "BPF links", errno, "CAP_SYS_ADMIN is needed");
  return count;
}

}  // namespace sklab

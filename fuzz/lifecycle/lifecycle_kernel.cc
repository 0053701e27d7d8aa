// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/lifecycle/lifecycle_kernel.h"

#include <bpf/bpf.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace sklab {
namespace {

OperationResult result_of(int failed) {
  OperationResult result;
  if (failed != 0) result.error = -errno;
  return result;
}

Result<bpf_link_info> read_info(int link) {
  bpf_link_info info{};
  __u32 size = sizeof(info);
  if (bpf_obj_get_info_by_fd(link, &info, &size) == 0) return info;
  return fail("read", "link info", errno);
}

// The sockets of a namespace let go of it after a grace period of RCU, and a kernel worker takes it
// down then. False when the link is still attached after a long time.
Result<bool> wait_until_detached(int link) {
  constexpr int kAttempts = 20000;
  constexpr useconds_t kPause_us = 1000;
  for (int i = 0; i < kAttempts; ++i) {
    SKLAB_TRY(const bpf_link_info info, read_info(link));
    if (info.netns.netns_ino == 0) return true;
    ::usleep(kPause_us);
  }
  return false;
}

}  // namespace

Result<LifecycleKernel> LifecycleKernel::create() {
  SKLAB_TRY(LifecyclePrograms programs, LifecyclePrograms::create());
  SKLAB_TRY(Netns elsewhere, Netns::create());
  SKLAB_TRY(NetnsLink key_holder, NetnsLink::attach(programs.fd(0), elsewhere));
  return LifecycleKernel(std::move(programs), std::move(elsewhere), std::move(key_holder));
}

Result<> LifecycleKernel::start(const ProgramTable &programs, bool fresh) {
  links_.clear();
  sockets_.clear();
  for (uint32_t key = 0; key < kMapKeys; ++key) {
    // Most keys have no socket: those that were closed left by themselves.
    (void)erase(SocketMapKind::kSockmap, key);
    (void)erase(SocketMapKind::kSockhash, key);
  }
  programs_.write(programs);
  for (auto &place : places_) {
    if (place && !fresh) continue;
    SKLAB_TRY(Netns netns, Netns::create());
    place.emplace(std::move(netns));
  }
  return Ok{};
}

Result<OperationResult> LifecycleKernel::perform(const Operation &operation,
                                                 const ExpectedResult &expected) {
  switch (operation.kind) {
    case OperationKind::kAttach:
      return attach(operation);
    case OperationKind::kUpdate:
      return update(operation);
    case OperationKind::kDetach:
      return result_of(bpf_link_detach(links_.at(operation.link).fd.get()));
    case OperationKind::kCloseLink:
      links_.erase(operation.link);
      return OperationResult{};
    case OperationKind::kQuery:
      return query(operation);
    case OperationKind::kLinkInfo:
      return link_info(operation);
    case OperationKind::kLegacyAttach:
    case OperationKind::kLegacyDetach:
      return call_without_link(operation);
    case OperationKind::kExitNetns:
      return exit_netns(operation);
    case OperationKind::kOpenNetns: {
      SKLAB_TRY(Netns netns, Netns::create());
      places_[operation.netns].emplace(std::move(netns));
      return OperationResult{};
    }
    case OperationKind::kLookUp: {
      SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(*places_[operation.netns]));
      return programs_.look_up(operation.packet);
    }
    default:
      return perform_on_sockets(operation, expected);
  }
}

Result<OperationResult> LifecycleKernel::attach(const Operation &operation) {
  const Netns &netns = *places_[operation.netns];
  SKLAB_TRY(const NetnsId id, netns_id(netns.fd()));
  UniqueFd link(
      bpf_link_create(programs_.fd(operation.program), netns.fd(), BPF_SK_LOOKUP, nullptr));
  if (!link.valid()) return result_of(-1);
  links_[operation.link] = {std::move(link), id.inode};
  return OperationResult{};
}

OperationResult LifecycleKernel::update(const Operation &operation) const {
  LIBBPF_OPTS(bpf_link_update_opts, options);
  if (operation.expected) {
    options.flags = BPF_F_REPLACE;
    options.old_prog_fd = static_cast<__u32>(programs_.fd(*operation.expected));
  }
  return result_of(bpf_link_update(links_.at(operation.link).fd.get(),
                                   programs_.fd(operation.program), &options));
}

OperationResult LifecycleKernel::query(const Operation &operation) const {
  std::array<uint32_t, kMostRoom> ids{};
  LIBBPF_OPTS(bpf_prog_query_opts, options, .query_flags = static_cast<__u32>(operation.flags),
              .prog_ids = ids.data(), .prog_cnt = operation.room);
  OperationResult result =
      result_of(bpf_prog_query_opts(places_[operation.netns]->fd(), BPF_SK_LOOKUP, &options));
  if (result.error == -EINVAL) return result;
  result.count = options.prog_cnt;
  // What is left of the room has zeros.
  for (uint32_t i = 0; i < operation.room && ids[i] != 0; ++i) {
    result.programs.push_back(programs_.number_of(ids[i]));
  }
  return result;
}

Result<OperationResult> LifecycleKernel::link_info(const Operation &operation) const {
  const Link &link = links_.at(operation.link);
  SKLAB_TRY(const bpf_link_info info, read_info(link.fd.get()));
  OperationResult result;
  result.programs = {programs_.number_of(info.prog_id)};
  if (info.netns.netns_ino != 0) result.count = info.netns.netns_ino == link.netns ? 1 : 2;
  return result;
}

// They are about the netns of the caller.
Result<OperationResult> LifecycleKernel::call_without_link(const Operation &operation) {
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(*places_[operation.netns]));
  const int program = programs_.fd(operation.program);
  if (operation.kind == OperationKind::kLegacyAttach) {
    return result_of(bpf_prog_attach(program, 0, BPF_SK_LOOKUP, 0));
  }
  return result_of(bpf_prog_detach2(program, 0, BPF_SK_LOOKUP));
}

Result<OperationResult> LifecycleKernel::exit_netns(const Operation &operation) {
  auto &place = places_[operation.netns];
  SKLAB_TRY(const NetnsId id, netns_id(place->fd()));
  sockets_.close_all(operation.netns);
  place.reset();
  OperationResult result;
  for (const auto &[number, link] : links_) {
    if (link.netns != id.inode) continue;
    SKLAB_TRY(const bool detached, wait_until_detached(link.fd.get()));
    if (!detached) result.error = -ETIMEDOUT;
  }
  return result;
}

Result<OperationResult> LifecycleKernel::perform_on_sockets(const Operation &operation,
                                                            const ExpectedResult &expected) {
  switch (operation.kind) {
    case OperationKind::kOpenSocket:
      return sockets_.open(operation, *places_[operation.netns]);
    case OperationKind::kEstablish:
      return sockets_.establish(operation, *places_[operation.netns], expected.sockets);
    case OperationKind::kCloseSocket:
      sockets_.close(operation.socket);
      return OperationResult{};
    case OperationKind::kPut:
      return put(operation);
    case OperationKind::kErase: {
      OperationResult result;
      result.error = erase(operation.map, operation.key);
      return result;
    }
    case OperationKind::kRead:
      return read(operation);
    default:
      return sockets_.call(operation);
  }
}

OperationResult LifecycleKernel::put(const Operation &operation) const {
  const auto fd = static_cast<uint64_t>(sockets_.fd(operation.socket));
  return result_of(
      bpf_map_update_elem(programs_.map_fd(operation.map), &operation.key, &fd, operation.flags));
}

OperationResult LifecycleKernel::read(const Operation &operation) const {
  uint64_t cookie = 0;
  OperationResult result =
      result_of(bpf_map_lookup_elem(programs_.map_fd(operation.map), &operation.key, &cookie));
  if (result.error == 0) result.socket = sockets_.number_of(cookie);
  return result;
}

// 0 or a negative errno.
int LifecycleKernel::erase(SocketMapKind map, uint32_t key) const {
  return bpf_map_delete_elem(programs_.map_fd(map), &key) == 0 ? 0 : -errno;
}

}  // namespace sklab

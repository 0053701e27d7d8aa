// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/object_observer.h"

#include <cerrno>

#include "harness/kernel/bpf_stats.h"
#include "harness/kernel/netns_link.h"
#include "harness/kernel/program.h"
#include "harness/path/test_run.h"

namespace sklab {

Result<ObjectObserver> ObjectObserver::create(const Netns &netns, const SocketSet &sockets) {
  SKLAB_TRY(ScriptedPrograms lookups, ScriptedPrograms::create({kLargestBatch, 1}));
  SKLAB_CHECK(lookups.attach(netns, Dialect::kPassDrop, {}, 0));
  ObjectObserver observer(std::move(lookups));
  for (size_t i = 0; i < sockets.size(); ++i) {
    SKLAB_TRY(const uint64_t cookie, sockets.cookie(i));
    observer.sockets_by_cookie_[cookie] = i;
  }
  return observer;
}

Result<std::vector<std::optional<size_t>>> ObjectObserver::look_up(
    const Netns &netns, std::span<const Packet> packets) {
  const ScriptedPrograms::Batch batch = lookups_.batch();
  for (size_t i = 0; i < packets.size(); ++i) {
    write_packet(packets[i], batch.packets[i]);
    batch.lookups[i] = {.packet = static_cast<uint32_t>(i), .mark = 0};
  }
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(netns));
  SKLAB_CHECK(lookups_.look_up(packets.size()));
  std::vector<std::optional<size_t>> found;
  found.reserve(packets.size());
  for (size_t i = 0; i < packets.size(); ++i) {
    found.push_back(SocketSet::index_of(batch.lookups[i].mark));
    if (!found.back() || *found.back() < sockets_by_cookie_.size()) continue;
    return fail_as(ErrorKind::kMismatch, "find a socket of the scenario for",
                   packets[i].destination.text());
  }
  return found;
}

Result<ProgramAnswer> ObjectObserver::ask(const UserObject &object, const Packet &packet) const {
  using Kind = ProgramAnswer::Kind;
  const auto run = test_run(object.fd(), packet, 1);
  // A test run has no packet to choose a member for.
  if (!run && run.error().error_number == EOPNOTSUPP) return ProgramAnswer{Kind::kSelectGroup, {}};
  if (!run) return tl::unexpected(run.error());
  if (run->return_code == kSkDrop) return ProgramAnswer{Kind::kDrop, {}};
  if (run->selected_cookie == 0) return ProgramAnswer{Kind::kPass, {}};
  const auto found = sockets_by_cookie_.find(run->selected_cookie);
  if (found == sockets_by_cookie_.end()) return ProgramAnswer{Kind::kSelect, {}};
  return ProgramAnswer{Kind::kSelect, found->second};
}

Result<ObjectBatch> ObjectObserver::observe(const Netns &netns, const UserObject &object,
                                            std::span<const Packet> packets) {
  SKLAB_TRY(const auto plain, look_up(netns, packets));
  SKLAB_TRY(const BpfStats stats, BpfStats::enable());
  SKLAB_TRY(const NetnsLink link, NetnsLink::attach(object.fd(), netns));
  SKLAB_TRY(const uint64_t before, run_count(object.fd()));
  SKLAB_TRY(const auto found, look_up(netns, packets));
  SKLAB_TRY(const uint64_t after, run_count(object.fd()));
  ObjectBatch batch{std::vector<ObjectObservation>(packets.size()), after - before};
  for (size_t i = 0; i < packets.size(); ++i) {
    batch.observed[i].plain = plain[i];
    batch.observed[i].found = found[i];
    SKLAB_TRY(batch.observed[i].program, ask(object, packets[i]));
  }
  return batch;
}

}  // namespace sklab

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/link_lab.h"

#include <bpf/bpf.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "harness/conform/raw_program.h"
#include "harness/kernel/program.h"

namespace sklab {
namespace {

using namespace instructions;

constexpr int32_t kOrderFactor = 31;

uint64_t order_of(const std::vector<size_t> &programs) {
  uint64_t order = 0;
  for (const size_t program : programs) order = order * kOrderFactor + program + 1;
  return order;
}

// Appends its number to the order of this lookup, and passes.
Result<UniqueFd> load_numbered(size_t number, int order_fd) {
  return load_raw_program(
      Code(load_map_value(BPF_REG_1, order_fd), load(8, BPF_REG_2, BPF_REG_1, 0),
           multiply(BPF_REG_2, kOrderFactor), add(BPF_REG_2, static_cast<int32_t>(number + 1)),
           store(8, BPF_REG_1, 0, BPF_REG_2), move(BPF_REG_0, SK_PASS), leave()));
}

LinkedProgram linked(size_t program) { return {program, program != LinkOperation::kOtherType}; }

// What the rules say that the call returns.
int apply(LinkList &list, const LinkOperation &operation) {
  switch (operation.kind) {
    case LinkOperation::Kind::kAttach:
      return list.attach(linked(operation.program));
    case LinkOperation::Kind::kUpdate: {
      LinkUpdate update{linked(operation.program), std::nullopt};
      if (operation.expected) update.expected = linked(*operation.expected);
      return list.update(operation.link, update);
    }
    case LinkOperation::Kind::kDetach:
      return list.detach(operation.link);
    case LinkOperation::Kind::kClose:
      break;
  }
  list.close(operation.link);
  return 0;
}

}  // namespace

std::string describe(const LinkOperation &operation) {
  constexpr std::array kNames = {"attach", "update", "detach", "close"};
  std::string text = kNames[static_cast<size_t>(operation.kind)];
  const bool has_program = operation.kind == LinkOperation::Kind::kAttach ||
                           operation.kind == LinkOperation::Kind::kUpdate;
  if (operation.kind != LinkOperation::Kind::kAttach)
    text += fmt::format(" link{}", operation.link);
  if (has_program) text += fmt::format(" program{}", operation.program);
  if (operation.expected) text += fmt::format(" instead of program{}", *operation.expected);
  return text;
}

Result<LinkLab> LinkLab::create() {
  SKLAB_TRY(Netns netns, Netns::create());
  SKLAB_TRY(Netns elsewhere, Netns::create());
  SKLAB_TRY(Probe probe, Probe::create());
  SKLAB_TRY(BpfMap order, BpfMap::create(BPF_MAP_TYPE_ARRAY, sizeof(uint64_t), 1));
  LinkLab lab(std::move(netns), std::move(elsewhere), std::move(probe), std::move(order));
  for (size_t i = 0; i < kPrograms; ++i) {
    if (i == LinkOperation::kOtherType) {
      LoadAttempt other = attempt_load(Code(move(BPF_REG_0, 0), leave()).all(),
                                       BPF_PROG_TYPE_SOCKET_FILTER, bpf_attach_type{});
      if (!other.accepted()) return fail("load", "a socket filter", other.error_number);
      lab.programs_.push_back(std::move(other.fd));
    } else {
      SKLAB_TRY(UniqueFd program, load_numbered(i, lab.order_.fd()));
      lab.programs_.push_back(std::move(program));
    }
    SKLAB_TRY(const uint32_t id, program_id(lab.programs_.back().get()));
    lab.ids_.push_back(id);
  }
  SKLAB_TRY(NetnsLink holder, NetnsLink::attach(lab.programs_[0].get(), lab.elsewhere_));
  lab.key_holder_.push_back(std::move(holder));
  const LookupTarget target{
      {Protocol::kUdp, *parse_endpoint("127.0.0.9:4000"), *parse_endpoint("127.0.0.1:7000")}, 0, 0};
  SKLAB_CHECK(lab.probe_.set_targets({&target, 1}));
  return lab;
}

// 0 or a negative errno.
int LinkLab::perform(const LinkOperation &operation) {
  switch (operation.kind) {
    case LinkOperation::Kind::kAttach: {
      UniqueFd link(
          bpf_link_create(programs_[operation.program].get(), netns_.fd(), BPF_SK_LOOKUP, nullptr));
      if (!link.valid()) return -errno;
      links_.push_back(std::move(link));
      return 0;
    }
    case LinkOperation::Kind::kUpdate: {
      LIBBPF_OPTS(bpf_link_update_opts, options);
      if (operation.expected) {
        options.flags = BPF_F_REPLACE;
        options.old_prog_fd = static_cast<__u32>(programs_[*operation.expected].get());
      }
      const int link = links_[operation.link].get();
      return bpf_link_update(link, programs_[operation.program].get(), &options) == 0 ? 0 : -errno;
    }
    case LinkOperation::Kind::kDetach:
      return bpf_link_detach(links_[operation.link].get()) == 0 ? 0 : -errno;
    case LinkOperation::Kind::kClose:
      break;
  }
  links_[operation.link].reset();
  return 0;
}

Result<std::vector<size_t>> LinkLab::queried_programs() const {
  SKLAB_TRY(const std::vector<uint32_t> ids, attached_program_ids(netns_));
  std::vector<size_t> programs;
  for (const uint32_t id : ids) {
    const auto found = std::find(ids_.begin(), ids_.end(), id);
    programs.push_back(static_cast<size_t>(std::distance(ids_.begin(), found)));
  }
  return programs;
}

Result<uint64_t> LinkLab::order_of_lookup() {
  if (const int error = order_.put(0, uint64_t{0}); error != 0) return fail("clear", "map", error);
  {
    SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(netns_));
    SKLAB_TRY(const BatchResult batch, probe_.run({}));
    if (batch.matched != 1) return fail("find no socket: there was one");
  }
  return order_.get<uint64_t>(0);
}

Result<> LinkLab::compare(const LinkList &expected, const std::string &history, Case &result) {
  const std::vector<size_t> programs = expected.programs();
  SKLAB_TRY(const std::vector<size_t> queried, queried_programs());
  SKLAB_TRY(const uint64_t order, order_of_lookup());
  result.check(queried == programs && order == order_of(programs), [&] {
    return fmt::format("{}: expected programs [{}], query says [{}], lookup {}", history,
                       fmt::join(programs, ","), fmt::join(queried, ","),
                       order == order_of(programs) ? "agrees with the rules" : "ran others");
  });
  for (size_t i = 0; i < links_.size(); ++i) {
    if (!links_[i].valid()) continue;
    bpf_link_info info{};
    __u32 size = sizeof(info);
    if (bpf_obj_get_info_by_fd(links_[i].get(), &info, &size) != 0) {
      return fail("read", "link info", errno);
    }
    const LinkState &state = expected.link(i);
    result.check(
        info.prog_id == ids_[state.program.number] && (info.netns.netns_ino != 0) == state.attached,
        [&] {
          return fmt::format("{}: link{} has program id {}, netns {}", history, i, info.prog_id,
                             info.netns.netns_ino);
        });
  }
  return Ok{};
}

Result<> LinkLab::run(const std::vector<LinkOperation> &operations, const LinkRules &rules,
                      Case &result) {
  links_.clear();
  LinkList expected(rules);
  std::string history;
  for (const LinkOperation &operation : operations) {
    history += (history.empty() ? "" : "; ") + describe(operation);
    const int wanted = apply(expected, operation);
    const int got = perform(operation);
    result.check(got == wanted,
                 [&] { return fmt::format("{}: expected {}, got {}", history, wanted, got); });
    // What follows would be about other links.
    if (got != wanted) break;
    SKLAB_CHECK(compare(expected, history, result));
  }
  links_.clear();
  return Ok{};
}

}  // namespace sklab

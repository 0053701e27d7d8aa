// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <bpf/bpf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <vector>

#include "harness/base/file.h"
#include "harness/conform/links.h"
#include "harness/conform/raw_program.h"
#include "harness/kernel/netns_link.h"
#include "harness/kernel/program.h"
#include "harness/model/link_rules.h"

namespace sklab {
namespace {

// One program of every role, and a netns for them.
struct LinkSetting {
  Netns netns;
  UniqueFd lookup;
  UniqueFd other_lookup;
  UniqueFd socket_filter;
};

Result<UniqueFd> load_socket_filter() {
  using namespace instructions;
  LoadAttempt attempt = attempt_load(Code(move(BPF_REG_0, 0), leave()).all(),
                                     BPF_PROG_TYPE_SOCKET_FILTER, bpf_attach_type{});
  if (attempt.accepted()) return std::move(attempt.fd);
  return fail("load", "a socket filter", attempt.error_number, attempt.verifier_message);
}

Result<LinkSetting> make_link_setting() {
  SKLAB_TRY(Netns netns, Netns::create());
  SKLAB_TRY(UniqueFd lookup, load_constant_program(SK_PASS));
  SKLAB_TRY(UniqueFd other, load_constant_program(SK_PASS));
  SKLAB_TRY(UniqueFd filter, load_socket_filter());
  return LinkSetting{std::move(netns), std::move(lookup), std::move(other), std::move(filter)};
}

void expect_errno(Case &result, const char *what, int expected, int got) {
  result.check(got == expected, [&] {
    return fmt::format("{}: expected {}, got {}", what, std::strerror(expected),
                       std::strerror(got));
  });
}

struct LinkRequest {
  int program = 0;
  int target = 0;
  bpf_attach_type type = BPF_SK_LOOKUP;
  uint32_t flags = 0;
};

// The errno of bpf(BPF_LINK_CREATE), 0 for a link, which is closed again.
int create_link(const LinkRequest &request) {
  LIBBPF_OPTS(bpf_link_create_opts, options, .flags = request.flags);
  const UniqueFd link(bpf_link_create(request.program, request.target, request.type, &options));
  return link.valid() ? 0 : errno;
}

Result<> check_create(Case &result) {
  SKLAB_TRY(const LinkSetting setting, make_link_setting());
  const int program = setting.lookup.get();
  const int netns = setting.netns.fd();
  const UniqueFd no_netns(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  expect_errno(result, "attach", 0, create_link({program, netns}));
  expect_errno(result, "with flags", EINVAL, create_link({program, netns, BPF_SK_LOOKUP, 1}));
  expect_errno(result, "with BPF_F_REPLACE", EINVAL,
               create_link({program, netns, BPF_SK_LOOKUP, BPF_F_REPLACE}));
  expect_errno(result, "no descriptor of a netns", EBADF, create_link({program, -1}));
  expect_errno(result, "a file that is no netns", EINVAL, create_link({program, no_netns.get()}));
  expect_errno(result, "no program", EBADF, create_link({-1, netns}));
  expect_errno(result, "a netns for a program", EINVAL, create_link({netns, netns}));
  expect_errno(result, "a program of another type", EINVAL,
               create_link({setting.socket_filter.get(), netns}));
  expect_errno(result, "a flow dissector's attach type", EINVAL,
               create_link({program, netns, BPF_FLOW_DISSECTOR}));
  return Ok{};
}

// While the process may open no more files, since the kernel has then made a link already.
Result<> check_create_without_descriptors(Case &result) {
  SKLAB_TRY(const LinkSetting setting, make_link_setting());
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return fail("read", "RLIMIT_NOFILE", errno);
  const rlimit none{0, limit.rlim_max};
  if (::setrlimit(RLIMIT_NOFILE, &none) != 0) return fail("set", "RLIMIT_NOFILE", errno);
  const int error = create_link({setting.lookup.get(), setting.netns.fd()});
  ::setrlimit(RLIMIT_NOFILE, &limit);
  expect_errno(result, "attach without a free descriptor", EMFILE, error);
  SKLAB_TRY(const auto ids, attached_program_ids(setting.netns));
  result.check(ids.empty(), [] { return "a link that nobody got stays attached"; });
  return Ok{};
}

// A link is the only way: bpf_prog_attach and bpf_prog_detach in kernel/bpf/syscall.c do not have
// the type, though netns_bpf_prog_attach knows it.
Result<> check_legacy_attach(Case &result) {
  SKLAB_TRY(const LinkSetting setting, make_link_setting());
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(setting.netns));
  const auto attach = [&](int target) {
    return bpf_prog_attach(setting.lookup.get(), target, BPF_SK_LOOKUP, 0) == 0 ? 0 : errno;
  };
  const auto detach = [&] {
    return bpf_prog_detach2(setting.lookup.get(), 0, BPF_SK_LOOKUP) == 0 ? 0 : errno;
  };
  expect_errno(result, "attach without a link", EINVAL, attach(0));
  expect_errno(result, "attach without a link to a netns", EINVAL, attach(setting.netns.fd()));
  expect_errno(result, "detach what is not attached", EINVAL, detach());
  SKLAB_TRY(const NetnsLink link, NetnsLink::attach(setting.lookup.get(), setting.netns));
  expect_errno(result, "attach beside a link", EINVAL, attach(0));
  expect_errno(result, "detach what a link holds", EINVAL, detach());
  SKLAB_TRY(const auto ids, attached_program_ids(setting.netns));
  result.check(ids.size() == 1, [&] { return fmt::format("{} programs are left", ids.size()); });
  return Ok{};
}

struct Query {
  uint32_t flags = 0;
  uint32_t room = 64;
  int expected = 0;
  uint32_t expected_count = 0;
  uint32_t expected_ids = 0;  // how many of them are written
};

void check_one_query(Case &result, const LinkSetting &setting, const char *what,
                     const Query &query) {
  constexpr uint32_t kUnwritten = 0xffffffff;
  std::array<uint32_t, 64> ids;
  ids.fill(kUnwritten);
  LIBBPF_OPTS(bpf_prog_query_opts, options, .query_flags = query.flags, .prog_ids = ids.data(),
              .prog_cnt = query.room);
  const int error =
      bpf_prog_query_opts(setting.netns.fd(), BPF_SK_LOOKUP, &options) == 0 ? 0 : errno;
  expect_errno(result, what, query.expected, error);
  if (query.expected == EINVAL) return;
  // bpf_prog_array_copy_to_user fills what is left of the room with zeros.
  uint32_t written = 0;
  while (written < ids.size() && ids[written] != kUnwritten && ids[written] != 0) ++written;
  result.check(options.prog_cnt == query.expected_count && written == query.expected_ids &&
                   options.attach_flags == 0,
               [&] {
                 return fmt::format("{}: {} programs, {} ids, flags {}", what,
                                    static_cast<uint32_t>(options.prog_cnt), written,
                                    static_cast<uint32_t>(options.attach_flags));
               });
}

Result<> check_query_calls(Case &result) {
  SKLAB_TRY(const LinkSetting setting, make_link_setting());
  check_one_query(result, setting, "nothing attached", {});
  SKLAB_TRY(const NetnsLink first, NetnsLink::attach(setting.lookup.get(), setting.netns));
  SKLAB_TRY(const NetnsLink second, NetnsLink::attach(setting.other_lookup.get(), setting.netns));
  check_one_query(result, setting, "two programs", {0, 64, 0, 2, 2});
  check_one_query(result, setting, "only counted", {0, 0, 0, 2, 0});
  check_one_query(result, setting, "room for one", {0, 1, ENOSPC, 2, 1});
  check_one_query(result, setting, "room for both", {0, 2, 0, 2, 2});
  check_one_query(result, setting, "with flags", {1, 64, EINVAL, 0, 0});
  const UniqueFd no_netns(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  std::array<__u32, 2> ids{};
  LIBBPF_OPTS(bpf_prog_query_opts, options, .prog_ids = ids.data(), .prog_cnt = ids.size());
  const auto query = [&](int target) {
    return bpf_prog_query_opts(target, BPF_SK_LOOKUP, &options) == 0 ? 0 : errno;
  };
  expect_errno(result, "no descriptor of a netns", EBADF, query(-1));
  expect_errno(result, "a file that is no netns", EINVAL, query(no_netns.get()));
  constexpr size_t kPageBytes = 4096;
  void *nowhere = ::mmap(nullptr, kPageBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (nowhere == MAP_FAILED) return fail("map", "a page", errno);
  options.prog_ids = static_cast<__u32 *>(nowhere);
  expect_errno(result, "room that is no memory", EFAULT, query(setting.netns.fd()));
  ::munmap(nowhere, kPageBytes);
  return Ok{};
}

struct UpdateRequest {
  int program = 0;
  uint32_t flags = 0;
  int old_program = 0;
};

int update_link(const NetnsLink &link, const UpdateRequest &request) {
  LIBBPF_OPTS(bpf_link_update_opts, options, .flags = request.flags,
              .old_prog_fd = static_cast<__u32>(request.old_program));
  return bpf_link_update(link.fd(), request.program, &options) == 0 ? 0 : errno;
}

Result<> check_update_calls(Case &result) {
  SKLAB_TRY(const LinkSetting setting, make_link_setting());
  const int lookup = setting.lookup.get();
  const int other = setting.other_lookup.get();
  SKLAB_TRY(NetnsLink link, NetnsLink::attach(lookup, setting.netns));
  expect_errno(result, "unknown flags", EINVAL, update_link(link, {other, 8, 0}));
  expect_errno(result, "old program without BPF_F_REPLACE", EINVAL,
               update_link(link, {other, 0, lookup}));
  expect_errno(result, "no new program", EBADF, update_link(link, {-1, 0, 0}));
  expect_errno(result, "no old program", EBADF, update_link(link, {other, BPF_F_REPLACE, -1}));
  expect_errno(result, "another old program", EPERM,
               update_link(link, {other, BPF_F_REPLACE, other}));
  expect_errno(result, "a program of another type", EINVAL,
               update_link(link, {setting.socket_filter.get(), 0, 0}));
  expect_errno(result, "the program itself", 0, update_link(link, {lookup, 0, 0}));
  expect_errno(result, "the right old program", 0,
               update_link(link, {other, BPF_F_REPLACE, lookup}));
  SKLAB_CHECK(link.detach());
  expect_errno(result, "detached", ENOLINK, update_link(link, {lookup, 0, 0}));
  expect_errno(result, "detached, another old program", EPERM,
               update_link(link, {lookup, BPF_F_REPLACE, lookup}));
  return Ok{};
}

Result<> check_limit(Case &result, size_t limit) {
  SKLAB_TRY(const LinkSetting setting, make_link_setting());
  std::vector<UniqueFd> links;
  const auto attach = [&] {
    UniqueFd link(
        bpf_link_create(setting.lookup.get(), setting.netns.fd(), BPF_SK_LOOKUP, nullptr));
    const int error = link.valid() ? 0 : errno;
    if (link.valid()) links.push_back(std::move(link));
    return error;
  };
  for (size_t i = 0; i < limit; ++i) expect_errno(result, "attach below the limit", 0, attach());
  expect_errno(result, "attach at the limit", E2BIG, attach());
  SKLAB_TRY(const auto ids, attached_program_ids(setting.netns));
  result.check(ids.size() == limit, [&] { return fmt::format("{} attached", ids.size()); });
  if (links.empty()) return Ok{};
  // A link that is closed, and one that is detached only, each make room for one.
  links.pop_back();
  expect_errno(result, "attach after a close", 0, attach());
  bpf_link_detach(links.front().get());
  expect_errno(result, "attach after a detach", 0, attach());
  expect_errno(result, "attach at the limit again", E2BIG, attach());
  return Ok{};
}

// The kernel takes a netns down from a work queue.
Result<> wait_until_detached(const NetnsLink &link) {
  constexpr int kAttempts = 2000;
  constexpr useconds_t kPause_us = 1000;
  for (int i = 0; i < kAttempts; ++i) {
    bpf_link_info info{};
    __u32 size = sizeof(info);
    if (bpf_obj_get_info_by_fd(link.fd(), &info, &size) != 0) return fail("read", "link", errno);
    if (info.netns.netns_ino == 0) return Ok{};
    ::usleep(kPause_us);
  }
  return fail("detach", "link of a netns that is gone", ETIMEDOUT);
}

// A link must forget a netns that is gone: others get its memory, and are none of its business.
Result<> check_others_in_its_place(Case &result, const NetnsLink &link) {
  constexpr size_t kNetns = 40;
  constexpr useconds_t kPause_us = 5000;
  std::vector<Netns> others;
  for (size_t i = 0; i < kNetns; ++i) {
    // A work queue frees the memory, and keeps it until it has to take down the next one
    // (net_complete_free).
    SKLAB_TRY(const Netns passing, Netns::create());
    SKLAB_TRY(Netns other, Netns::create());
    others.push_back(std::move(other));
    bpf_link_info info{};
    __u32 size = sizeof(info);
    if (bpf_obj_get_info_by_fd(link.fd(), &info, &size) != 0) return fail("read", "link", errno);
    result.check(info.netns.netns_ino == 0,
                 [] { return "a link whose netns is gone says that it is attached to another"; });
    ::usleep(kPause_us);
  }
  return Ok{};
}

// A link outlives its netns, without effect: every update, and the program that must be there.
Result<> check_netns_exit(const LinkRules &rules, Case &result) {
  SKLAB_TRY(const LinkSetting setting, make_link_setting());
  const std::array programs = {setting.lookup.get(), setting.other_lookup.get(),
                               setting.socket_filter.get()};
  const auto linked = [](size_t number) { return LinkedProgram{number, number < 2}; };
  LinkList expected(rules);
  expected.attach(linked(0));
  std::optional<NetnsLink> link;
  {
    SKLAB_TRY(const Netns netns, Netns::create());
    SKLAB_TRY(link, NetnsLink::attach(programs[0], netns));
  }
  expected.exit_netns();
  SKLAB_CHECK(wait_until_detached(*link));
  SKLAB_CHECK(check_others_in_its_place(result, *link));
  for (size_t program = 0; program < programs.size(); ++program) {
    expect_errno(result, "update after its netns", -expected.update(0, {linked(program), {}}),
                 update_link(*link, {programs[program], 0, 0}));
    for (size_t old = 0; old < programs.size(); ++old) {
      expect_errno(result, "replace after its netns",
                   -expected.update(0, {linked(program), linked(old)}),
                   update_link(*link, {programs[program], BPF_F_REPLACE, programs[old]}));
    }
  }
  expect_errno(result, "detach after its netns", -expected.detach(0),
               bpf_link_detach(link->fd()) == 0 ? 0 : errno);
  return Ok{};
}

// Whether the program goes away: whoever held it last may let go of it from a work queue.
bool goes_away(uint32_t id) {
  constexpr int kAttempts = 2000;
  constexpr useconds_t kPause_us = 1000;
  for (int i = 0; i < kAttempts; ++i) {
    const UniqueFd program(bpf_prog_get_fd_by_id(id));
    if (!program.valid()) return errno == ENOENT;
    ::usleep(kPause_us);
  }
  return false;
}

// A link holds its program, also when it is detached, until it has another one or is closed.
Result<> check_program_lifetime(Case &result) {
  SKLAB_TRY(const LinkSetting setting, make_link_setting());
  SKLAB_TRY(UniqueFd first, load_constant_program(SK_PASS));
  SKLAB_TRY(UniqueFd second, load_constant_program(SK_PASS));
  SKLAB_TRY(const uint32_t first_id, program_id(first.get()));
  SKLAB_TRY(const uint32_t second_id, program_id(second.get()));
  const auto expect_held = [&](const char *when, uint32_t id) {
    const UniqueFd program(bpf_prog_get_fd_by_id(id));
    result.check(program.valid(), [&] { return fmt::format("the program is gone {}", when); });
  };
  {
    SKLAB_TRY(NetnsLink link, NetnsLink::attach(first.get(), setting.netns));
    first.reset();
    expect_held("while it is attached", first_id);
    SKLAB_CHECK(link.update(second.get()));
    second.reset();
    result.check(goes_away(first_id), [] { return "an update leaves the old program there"; });
    expect_held("while it is attached by an update", second_id);
    SKLAB_CHECK(link.detach());
    expect_held("while the link is detached", second_id);
  }
  result.check(goes_away(second_id), [] { return "a closed link leaves its program there"; });
  return Ok{};
}

Result<> check_info(Case &result) {
  SKLAB_TRY(const LinkSetting setting, make_link_setting());
  SKLAB_TRY(const NetnsLink link, NetnsLink::attach(setting.lookup.get(), setting.netns));
  SKLAB_TRY(const uint32_t id, program_id(setting.lookup.get()));
  bpf_link_info info{};
  __u32 size = sizeof(info);
  if (bpf_obj_get_info_by_fd(link.fd(), &info, &size) != 0) return fail("read", "link", errno);
  result.check(info.type == BPF_LINK_TYPE_NETNS && info.netns.attach_type == BPF_SK_LOOKUP &&
                   info.prog_id == id,
               [&] {
                 return fmt::format("type {}, attach type {}, program {} instead of {}",
                                    static_cast<uint32_t>(info.type),
                                    static_cast<uint32_t>(info.netns.attach_type),
                                    static_cast<uint32_t>(info.prog_id), id);
               });
  SKLAB_TRY(const std::string shown, read_file(fmt::format("/proc/self/fdinfo/{}", link.fd())));
  for (const std::string &line :
       {fmt::format("netns_ino:\t{}\n", static_cast<uint32_t>(info.netns.netns_ino)),
        fmt::format("attach_type:\t{}\n", static_cast<uint32_t>(BPF_SK_LOOKUP))}) {
    result.check(shown.find(line) != std::string::npos,
                 [&] { return fmt::format("fdinfo has not {}: {}", line, shown); });
  }
  return Ok{};
}

}  // namespace

void check_link_calls(CaseLog &log, const ConformSettings &settings) {
  log.run("create", check_create);
  log.run("create without descriptors", check_create_without_descriptors);
  log.run("attach without a link", check_legacy_attach);
  log.run("query", check_query_calls);
  log.run("update", check_update_calls);
  log.run("info", check_info);
  log.run("lifetime of programs", check_program_lifetime);
  log.run("limit of programs",
          [&](Case &result) { return check_limit(result, settings.rules->links.max_links); });
  log.run("netns exit",
          [&](Case &result) { return check_netns_exit(settings.rules->links, result); });
  check_link_key(log);
}

}  // namespace sklab

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/test_run_results.h"

#include <fmt/ranges.h>
#include <sys/time.h>

#include <chrono>
#include <csignal>
#include <span>
#include <string>
#include <vector>

#include "harness/conform/raw_program.h"
#include "harness/conform/test_run_request.h"
#include "harness/kernel/bpf_map.h"
#include "harness/kernel/bpf_stats.h"
#include "harness/kernel/feature_programs.h"
#include "harness/kernel/program.h"

namespace sklab {
namespace {

using namespace instructions;
using Request = TestRunRequest;

std::string errno_text(int error) { return error == 0 ? "success" : ::strerrorname_np(error); }

Result<> check_return_codes_of_runs(Case &one) {
  for (const uint32_t code : {SK_DROP, SK_PASS}) {
    SKLAB_TRY(const UniqueFd program, load_constant_program(static_cast<int32_t>(code)));
    Request request;
    const int error = request.run(program.get());
    one.check(error == 0 && request.attr.test.retval == code, [&] {
      return fmt::format("expected {}, got {} and {}", code, errno_text(error),
                         request.attr.test.retval);
    });
  }
  return Ok{};
}

Result<> check_repeats(Case &one) {
  SKLAB_TRY(const BpfStats stats, BpfStats::enable());
  SKLAB_TRY(const UniqueFd program, load_lookup_program());
  uint64_t before = 0;
  for (const uint32_t repeat : {0U, 1U, 2U, 3U, 10U, 1000U, 65537U}) {
    Request request;
    request.attr.test.repeat = repeat;
    const int error = request.run(program.get());
    SKLAB_TRY(const uint64_t count, run_count(program.get()));
    // No repetition at all is one run.
    const uint64_t expected = repeat == 0 ? 1 : repeat;
    one.check(error == 0 && count - before == expected, [&] {
      return fmt::format("repeat {}: expected {} runs, got {} and {}", repeat, expected,
                         errno_text(error), count - before);
    });
    before = count;
  }
  return Ok{};
}

// A program that takes a microsecond or more on any machine.
Result<UniqueFd> load_slow_program() {
  constexpr int kCalls = 500;
  Code code;
  for (int i = 0; i < kCalls; ++i) code.append(call(BPF_FUNC_ktime_get_ns));
  return load_raw_program(code.append(move(BPF_REG_0, SK_PASS)).append(leave()));
}

Result<> check_duration(Case &one) {
  SKLAB_TRY(const UniqueFd program, load_slow_program());
  for (const uint32_t repeat : {1U, 2U, 100U}) {
    Request request;
    request.attr.test.repeat = repeat;
    const auto start = std::chrono::steady_clock::now();
    const int error = request.run(program.get());
    const std::chrono::nanoseconds elapsed = std::chrono::steady_clock::now() - start;
    // The mean of the runs, by the clock that we read, too.
    const uint64_t most_ns = static_cast<uint64_t>(elapsed.count()) / repeat;
    const uint32_t duration_ns = request.attr.test.duration;
    one.check(error == 0 && duration_ns > 0 && duration_ns <= most_ns, [&] {
      return fmt::format("repeat {}: expected 1 to {} ns, got {} and {}", repeat, most_ns,
                         errno_text(error), duration_ns);
    });
  }
  return Ok{};
}

// SIGALRM every two milliseconds while this lives, to a handler that does nothing.
class Alarms {
 public:
  Alarms() {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    ::sigaction(SIGALRM, &action, &previous_);
    const itimerval every_two_ms = {{0, 2000}, {0, 2000}};
    ::setitimer(ITIMER_REAL, &every_two_ms, nullptr);
  }
  Alarms(const Alarms &) = delete;
  Alarms &operator=(const Alarms &) = delete;
  ~Alarms() {
    const itimerval never{};
    ::setitimer(ITIMER_REAL, &never, nullptr);
    ::sigaction(SIGALRM, &previous_, nullptr);
  }

 private:
  struct sigaction previous_ {};
};

Result<> check_signal(Case &one) {
  SKLAB_TRY(const BpfStats stats, BpfStats::enable());
  SKLAB_TRY(const UniqueFd program, load_lookup_program());
  Request request;
  request.attr.test.repeat = 100'000'000;  // seconds, should no signal end it
  int error = 0;
  {
    const Alarms alarms;
    error = request.run(program.get());
  }
  SKLAB_TRY(const uint64_t runs, run_count(program.get()));
  one.check(error == EINTR && runs < request.attr.test.repeat, [&] {
    return fmt::format("expected EINTR, got {} after {} runs", errno_text(error), runs);
  });
  one.check(request.written() == 0 && request.attr.test.retval == Request::kUnwritten,
            [] { return "expected no results"; });
  return Ok{};
}

// Every field holds something, those of the other family and the padding, too.
void fill_context(bpf_sk_lookup &context, uint32_t family) {
  auto *bytes = reinterpret_cast<uint8_t *>(&context);
  for (size_t i = offsetof(bpf_sk_lookup, remote_ip4); i < offsetof(bpf_sk_lookup, local_port);
       ++i) {
    bytes[i] = static_cast<uint8_t>(i);
  }
  context.family = family;
  context.protocol = IPPROTO_TCP;
  context.local_port = 0x1234;
}

// Where the beginning of what came back is not as expected; empty when it is.
std::string first_difference(std::span<const uint8_t> expected, std::span<const uint8_t> got) {
  for (size_t i = 0; i < expected.size(); ++i) {
    if (expected[i] != got[i]) {
      return fmt::format("byte {}: expected {:#x}, got {:#x}", i, expected[i], got[i]);
    }
  }
  return "";
}

Result<> check_context_out(Case &one) {
  SKLAB_TRY(const UniqueFd program, load_lookup_program());
  for (const uint32_t family : {AF_INET, AF_INET6}) {
    Request request;
    fill_context(request.context, family);
    const int error = request.run(program.get());
    const std::string difference = first_difference(request.context_bytes(), request.out);
    one.check(error == 0 && difference.empty(),
              [&] { return errno_text(error) + ", " + difference; });
  }
  return Ok{};
}

// Too little room: what fits is written, and how much there was. More room is left alone.
void check_room(Case &one, uint32_t room, int program) {
  Request request;
  fill_context(request.context, AF_INET);
  request.attr.test.ctx_size_out = room;
  const int expected = room < Request::kContextSize ? ENOSPC : 0;
  const int error = request.run(program);
  const size_t size = std::min<size_t>(room, Request::kContextSize);
  const Request::ContextBytes context = request.context_bytes();
  const std::string difference = first_difference(std::span(context).first(size), request.out);
  one.check(error == expected && difference.empty() && request.written() <= size, [&] {
    return fmt::format("room {}: expected {} and {} bytes, got {} and {} bytes, {}", room,
                       errno_text(expected), size, errno_text(error), request.written(),
                       difference);
  });
  const auto &attr = request.attr.test;
  one.check(attr.ctx_size_out == Request::kContextSize && attr.retval == SK_PASS &&
                attr.duration != Request::kUnwritten,
            [&] {
              return fmt::format(
                  "room {}: expected size {}, retval 1 and a duration, got {}, {}, {}", room,
                  Request::kContextSize, attr.ctx_size_out, attr.retval, attr.duration);
            });
}

Result<> check_rooms(Case &one) {
  SKLAB_TRY(const UniqueFd program, load_lookup_program());
  for (uint32_t room = 1; room <= 2 * Request::kContextSize; ++room) {
    check_room(one, room, program.get());
  }
  Request request;
  request.attr.test.ctx_out = 0;
  request.attr.test.ctx_size_out = 0;
  const int error = request.run(program.get());
  one.check(error == 0 && request.attr.test.retval == SK_PASS && request.written() == 0,
            [&] { return "without context out: expected 1, got " + errno_text(error); });
  return Ok{};
}

// What a short context leaves out is 0.
Result<> check_short_contexts(Case &one) {
  SKLAB_TRY(const UniqueFd program, load_lookup_program());
  for (uint32_t size = offsetof(bpf_sk_lookup, protocol); size < Request::kContextSize; ++size) {
    Request request;
    fill_context(request.context, AF_INET);
    request.attr.test.ctx_size_in = size;
    Request::ContextBytes expected = request.context_bytes();
    std::fill(expected.begin() + size, expected.end(), uint8_t{0});
    const int error = request.run(program.get());
    const std::string difference = first_difference(expected, request.out);
    one.check(error == 0 && difference.empty(),
              [&] { return fmt::format("{} bytes: {}, {}", size, errno_text(error), difference); });
  }
  return Ok{};
}

// Zeros may stand behind the context, up to a page in all: a later kernel may know more fields.
Result<> check_long_contexts(Case &one) {
  SKLAB_TRY(const UniqueFd program, load_lookup_program());
  const auto page_size = static_cast<uint32_t>(::sysconf(_SC_PAGESIZE));
  std::vector<uint8_t> page(page_size);
  for (uint32_t size = Request::kContextSize + 1; size <= page_size; ++size) {
    Request request;
    std::memcpy(page.data(), &request.context, sizeof(request.context));
    request.attr.test.ctx_in = reinterpret_cast<uintptr_t>(page.data());
    request.attr.test.ctx_size_in = size;
    const int error = request.run(program.get());
    one.check(error == 0, [&] {
      return fmt::format("{} bytes: expected success, got {}", size, errno_text(error));
    });
  }
  return Ok{};
}

// A program that keeps its context in a map: 4 bytes at each of these offsets, but 2 for the
// padding.
constexpr std::array<size_t, 5> kSeen = {
    offsetof(bpf_sk_lookup, family), offsetof(bpf_sk_lookup, protocol),
    offsetof(bpf_sk_lookup, remote_ip4), offsetof(bpf_sk_lookup, remote_ip6),
    offsetof(bpf_sk_lookup, local_ip6) + 12};
using Seen = std::array<uint64_t, kSeen.size() + 1>;

Result<UniqueFd> load_seeing_program(int map_fd) {
  constexpr auto kPadding = static_cast<int16_t>(offsetof(bpf_sk_lookup, remote_port) + 2);
  Code code(load_map_value(BPF_REG_2, map_fd));
  for (size_t i = 0; i < kSeen.size(); ++i) {
    code.append(load(4, BPF_REG_0, BPF_REG_1, static_cast<int16_t>(kSeen[i])));
    code.append(store(8, BPF_REG_2, static_cast<int16_t>(8 * i), BPF_REG_0));
  }
  code.append(load(2, BPF_REG_0, BPF_REG_1, kPadding));
  code.append(store(8, BPF_REG_2, static_cast<int16_t>(8 * kSeen.size()), BPF_REG_0));
  return load_raw_program(code.append(move(BPF_REG_0, SK_PASS)).append(leave()));
}

// Of the family and the protocol the kernel takes 16 bits, and any protocol; of the addresses those
// of the family; of the padding nothing.
Result<> check_what_is_taken(Case &one) {
  SKLAB_TRY(const BpfMap map, BpfMap::create(BPF_MAP_TYPE_ARRAY, sizeof(Seen), 1));
  SKLAB_TRY(const UniqueFd program, load_seeing_program(map.fd()));
  for (const uint32_t family : {AF_INET, AF_INET6}) {
    for (const uint32_t protocol : {0U, 1U, 6U, 17U, 132U, 136U, 255U, 256U, 262U, 65535U}) {
      for (const uint32_t high : {0U, 0x10000U, 0xffff0000U}) {
        Request request;
        fill_context(request.context, family | high);
        request.context.protocol = protocol | high;
        const int error = request.run(program.get());
        const bpf_sk_lookup &context = request.context;
        const bool ipv4 = family == AF_INET;
        const Seen expected = {family,
                               protocol,
                               ipv4 ? context.remote_ip4 : 0,
                               ipv4 ? 0 : context.remote_ip6[0],
                               ipv4 ? 0 : context.local_ip6[3],
                               0};
        SKLAB_TRY(const Seen seen, map.get<Seen>(0));
        one.check(error == 0 && seen == expected, [&] {
          return fmt::format("family {:#x}, protocol {:#x}: expected {:#x}, got {} and {:#x}",
                             context.family, context.protocol, fmt::join(expected, " "),
                             errno_text(error), fmt::join(seen, " "));
        });
      }
    }
  }
  return Ok{};
}

struct NamedCheck {
  const char *name;
  Result<> (*check)(Case &one);
};

constexpr std::array<NamedCheck, 9> kChecks = {{
    {"return code", check_return_codes_of_runs},
    {"repeat is the number of runs", check_repeats},
    {"duration is the mean of the runs", check_duration},
    {"a signal ends the runs", check_signal},
    {"context out is the context in", check_context_out},
    {"room for the context out", check_rooms},
    {"short contexts", check_short_contexts},
    {"long contexts", check_long_contexts},
    {"what is taken from the context", check_what_is_taken},
}};

}  // namespace

void check_test_run_results(CaseLog &log) {
  for (const NamedCheck &named : kChecks) log.run(named.name, named.check);
}

}  // namespace sklab

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/test_run_inputs.h"

#include <fmt/core.h>
#include <unistd.h>

#include <string>

#include "harness/conform/test_run_request.h"
#include "harness/kernel/bpf_map.h"
#include "harness/kernel/bpf_stats.h"
#include "harness/kernel/feature_programs.h"
#include "harness/kernel/program.h"

namespace sklab {
namespace {

// Something wrong with a request, in several variants.
struct Fault {
  const char *name;
  int error;
  uint32_t variants;
  void (*apply)(TestRunRequest &request, uint32_t variant);
};

using Request = TestRunRequest;

void flip_bit(Request &request, size_t offset, uint32_t bit) {
  auto *bytes = reinterpret_cast<uint8_t *>(&request.context);
  bytes[offset + bit / 8] ^= static_cast<uint8_t>(1U << (bit % 8));
}
uint64_t address(const void *pointer) { return reinterpret_cast<uintptr_t>(pointer); }
constexpr uint64_t kBadAddress = 8;

constexpr Fault kFlagBits = {"flags, each bit", EINVAL, 32,
                             [](Request &r, uint32_t i) { r.attr.test.flags = 1U << i; }};
constexpr Fault kBehind = {"a byte behind the context", E2BIG, 64, [](Request &r, uint32_t i) {
                             r.attr.test.ctx_size_in = Request::kContextSize + i + 1;
                             r.behind[i] = 1;
                           }};
constexpr Fault kCookie = {"cookie, each bit", EINVAL, 64, [](Request &r, uint32_t i) {
                             flip_bit(r, offsetof(bpf_sk_lookup, cookie), i);
                           }};
// Everything behind local_port: the interface of arrival and the padding at the end.
constexpr Fault kTail = {
    "ingress_ifindex and what follows, each bit", EINVAL,
    8 * (sizeof(bpf_sk_lookup) - offsetof(bpf_sk_lookup, ingress_ifindex)),
    [](Request &r, uint32_t i) { flip_bit(r, offsetof(bpf_sk_lookup, ingress_ifindex), i); }};
constexpr Fault kLocalPort = {
    "local port, each bit beyond 65535", ERANGE, 16,
    [](Request &r, uint32_t i) { r.context.local_port |= 1U << (16 + i); }};
constexpr Fault kFamily = {"family, each other number of 16 bits", EAFNOSUPPORT, 65536 - 2,
                           [](Request &r, uint32_t i) {
                             // Variant 0 must not be the family that a request has anyway.
                             uint32_t family = i;
                             for (const uint32_t right : {AF_INET, AF_INET6}) {
                               if (family >= right) ++family;
                             }
                             r.context.family = family;
                           }};

constexpr std::array kFaults = {
    kFlagBits,
    Fault{"cpu, each bit", EINVAL, 32, [](Request &r, uint32_t i) { r.attr.test.cpu = 1U << i; }},
    Fault{"batch size, each bit", EINVAL, 32,
          [](Request &r, uint32_t i) { r.attr.test.batch_size = 1U << i; }},
    Fault{"data in", EINVAL, 1,
          [](Request &r, uint32_t) {
            r.attr.test.data_in = address(r.data.data());
            r.attr.test.data_size_in = r.data.size();
          }},
    Fault{"data in without a size", EINVAL, 1,
          [](Request &r, uint32_t) { r.attr.test.data_in = address(r.data.data()); }},
    Fault{"size of data in without data", EINVAL, 1,
          [](Request &r, uint32_t) { r.attr.test.data_size_in = r.data.size(); }},
    Fault{"data out", EINVAL, 1,
          [](Request &r, uint32_t) {
            r.attr.test.data_out = address(r.data.data());
            r.attr.test.data_size_out = r.data.size();
          }},
    Fault{"data out without a size", EINVAL, 1,
          [](Request &r, uint32_t) { r.attr.test.data_out = address(r.data.data()); }},
    Fault{"size of data out without data", EINVAL, 1,
          [](Request &r, uint32_t) { r.attr.test.data_size_out = r.data.size(); }},
    Fault{"no context at all", EINVAL, 1,
          [](Request &r, uint32_t) {
            r.attr.test.ctx_in = r.attr.test.ctx_out = 0;
            r.attr.test.ctx_size_in = r.attr.test.ctx_size_out = 0;
          }},
    Fault{"context in without a size", EINVAL, 1,
          [](Request &r, uint32_t) { r.attr.test.ctx_size_in = 0; }},
    Fault{"size of context in without a context", EINVAL, 1,
          [](Request &r, uint32_t) { r.attr.test.ctx_in = 0; }},
    Fault{"context out without a size", EINVAL, 1,
          [](Request &r, uint32_t) { r.attr.test.ctx_size_out = 0; }},
    Fault{"size of context out without a context", EINVAL, 1,
          [](Request &r, uint32_t) { r.attr.test.ctx_out = 0; }},
    Fault{"context in at a bad address", EFAULT, 1,
          [](Request &r, uint32_t) { r.attr.test.ctx_in = kBadAddress; }},
    kBehind,
    // Zeros may stand behind the context, but not more than a page in all.
    Fault{"context longer than a page", E2BIG, 1,
          [](Request &r, uint32_t) {
            r.attr.test.ctx_size_in = static_cast<uint32_t>(::sysconf(_SC_PAGESIZE)) + 1;
          }},
    kCookie,
    kTail,
    kLocalPort,
    kFamily,
    // A context that is not given, or ends too early, is zeros, and 0 is no family.
    Fault{"context out but none in", EAFNOSUPPORT, 1,
          [](Request &r, uint32_t) {
            r.attr.test.ctx_in = 0;
            r.attr.test.ctx_size_in = 0;
          }},
    Fault{"context that ends before the family", EAFNOSUPPORT, offsetof(bpf_sk_lookup, family),
          [](Request &r, uint32_t i) { r.attr.test.ctx_size_in = i + 1; }},
};

bool wrote_nothing(const Request &request) {
  return request.written() == 0 && request.attr.test.retval == Request::kUnwritten &&
         request.attr.test.duration == Request::kUnwritten;
}

void check_refusal(Case &one, const std::string &what, int error, Request &request, int program) {
  const int got = request.run(program);
  one.check(got == error && wrote_nothing(request), [&] {
    return fmt::format("{}: expected {} and no results, got {}{}", what, ::strerrorname_np(error),
                       got == 0 ? "success" : ::strerrorname_np(got),
                       wrote_nothing(request) ? "" : " and results");
  });
}

Result<> check_fault(Case &one, const Fault &fault, int program) {
  for (uint32_t i = 0; i < fault.variants; ++i) {
    Request request;
    fault.apply(request, i);
    check_refusal(one, fmt::format("variant {}", i), fault.error, request, program);
  }
  return Ok{};
}

// Every combination of faults with different errors: the first in the kernel's order is told.
Result<> check_order(Case &one, int program) {
  constexpr std::array kInOrder = {kFlagBits, kBehind, kCookie, kLocalPort, kFamily};
  for (uint32_t chosen = 1; chosen < 1U << kInOrder.size(); ++chosen) {
    Request request;
    int first = 0;
    std::string names;
    for (size_t i = 0; i < kInOrder.size(); ++i) {
      if ((chosen >> i & 1U) == 0) continue;
      kInOrder[i].apply(request, 0);
      if (first == 0) first = kInOrder[i].error;
      names += (names.empty() ? "" : " and ") + std::string(kInOrder[i].name);
    }
    check_refusal(one, names, first, request, program);
  }
  return Ok{};
}

Result<> check_other_descriptors(Case &one) {
  SKLAB_TRY(const BpfMap map, BpfMap::create(BPF_MAP_TYPE_ARRAY, sizeof(uint64_t), 1));
  Request no_descriptor;
  check_refusal(one, "descriptor -1", EBADF, no_descriptor, -1);
  Request a_map;
  check_refusal(one, "a map", EINVAL, a_map, map.fd());
  return Ok{};
}

Result<> check_behind_the_fields(Case &one, int program) {
  Request request;
  one.check(request.run(program) == 0, [] { return "expected success without anything there"; });
  struct {
    bpf_attr attr;
    std::array<uint8_t, 64> behind;
  } call = {request.attr, {}};
  const auto run = [&call](size_t size) {
    return ::syscall(SYS_bpf, BPF_PROG_TEST_RUN, &call, size) == 0 ? 0 : errno;
  };
  constexpr size_t kFieldsEnd = offsetof(bpf_attr, test.batch_size) + sizeof(uint32_t);
  auto *bytes = reinterpret_cast<uint8_t *>(&call);
  for (size_t i = kFieldsEnd; i < sizeof(call.attr); ++i) {
    bytes[i] = 1;
    const int error = run(sizeof(call.attr));
    bytes[i] = 0;
    one.check(error == EINVAL,
              [&] { return fmt::format("byte {} of the attributes: expected EINVAL", i); });
  }
  call.behind.back() = 1;
  one.check(run(sizeof(call)) == E2BIG,
            [] { return "more than the kernel knows: expected E2BIG"; });
  return Ok{};
}

// Results are written after the run, so this one has been made.
Result<> check_bad_result_address(Case &one, int program) {
  SKLAB_TRY(const uint64_t before, run_count(program));
  Request request;
  request.attr.test.ctx_out = kBadAddress;
  const int error = request.run(program);
  SKLAB_TRY(const uint64_t after, run_count(program));
  one.check(error == EFAULT && after == before + 1, [&] {
    return fmt::format("expected EFAULT after 1 run, got {} after {}",
                       error == 0 ? "success" : ::strerrorname_np(error), after - before);
  });
  return Ok{};
}

Result<> check_all(CaseLog &log) {
  SKLAB_TRY(const BpfStats stats, BpfStats::enable());
  SKLAB_TRY(const UniqueFd program, load_lookup_program());
  const int fd = program.get();
  for (const Fault &fault : kFaults) {
    log.run(fault.name, [&](Case &one) { return check_fault(one, fault, fd); });
  }
  log.run("first of several faults", [&](Case &one) { return check_order(one, fd); });
  log.run("other descriptors", check_other_descriptors);
  log.run("refused requests do not run the program", [&](Case &one) -> Result<> {
    SKLAB_TRY(const uint64_t count, run_count(fd));
    one.check(count == 0, [&] { return fmt::format("expected 0 runs so far, got {}", count); });
    return Ok{};
  });
  log.run("bytes behind the fields", [&](Case &one) { return check_behind_the_fields(one, fd); });
  log.run("context out at a bad address",
          [&](Case &one) { return check_bad_result_address(one, fd); });
  return Ok{};
}

}  // namespace

void check_test_run_inputs(CaseLog &log) {
  if (Result<> result = check_all(log); !result) {
    log.run("program", [&](Case &) { return std::move(result); });
  }
}

}  // namespace sklab

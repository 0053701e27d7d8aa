// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/return_codes.h"

#include <fmt/core.h>

#include <array>
#include <cerrno>
#include <limits>
#include <string>
#include <vector>

#include "harness/kernel/bpf_map.h"
#include "harness/kernel/instructions.h"
#include "harness/kernel/load_attempt.h"
#include "harness/path/test_run.h"

namespace sklab {
namespace {

using namespace instructions;

// Wordings that say which codes were expected: a range, and up to Linux 6.7 value and mask.
constexpr std::array<std::string_view, 2> kExpectedRange = {"[0, 1]", "(0x0; 0x1)"};

bool contains(const std::string &text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

bool says_range(const LoadAttempt &attempt) {
  const std::string &message = attempt.verifier_message;
  return contains(message, "R0") &&
         (contains(message, kExpectedRange[0]) || contains(message, kExpectedRange[1]));
}

Packet packet_to(uint16_t port) {
  const IpAddress server = {Family::kIpv4, {127, 0, 0, 1}};
  return {Protocol::kUdp, {server, 40000}, {server, port}};
}

LoadAttempt attempt_return(const Code &code) { return attempt_load(Code(code, leave()).all()); }

void check_refused(Case &one, const std::string &what, const Code &code) {
  const LoadAttempt attempt = attempt_return(code);
  one.keep_verifier_message(attempt.verifier_message);
  one.check(attempt.error_number == EINVAL && says_range(attempt), [&] {
    return fmt::format("{}: expected EINVAL and that 0 or 1 was expected, got {}", what,
                       attempt.text());
  });
}

// Must load, and return `expected` when it runs for this port.
Result<> check_returned(Case &one, const std::string &what, const LoadAttempt &attempt,
                        uint16_t port, uint32_t expected) {
  SKLAB_TRY(const TestRunResult result, test_run(attempt.fd.get(), packet_to(port), 1));
  one.check(result.return_code == expected, [&] {
    return fmt::format("{}, port {}: expected {}, got {}", what, port, expected,
                       result.return_code);
  });
  return Ok{};
}

bool check_accepted(Case &one, const std::string &what, const LoadAttempt &attempt) {
  one.check(attempt.accepted(),
            [&] { return fmt::format("{}: expected accepted, got {}", what, attempt.text()); });
  return attempt.accepted();
}

Result<> check_constant(Case &one, const std::string &what, const Code &code, uint64_t value) {
  if (value > SK_PASS) {
    check_refused(one, what, code);
    return Ok{};
  }
  const LoadAttempt attempt = attempt_return(code);
  if (!check_accepted(one, what, attempt)) return Ok{};
  return check_returned(one, what, attempt, 7007, static_cast<uint32_t>(value));
}

// By each of the three instructions that move a constant into a register.
Result<> check_constant_of_32_bits(Case &one, int32_t value) {
  const std::string text = std::to_string(value);
  const auto wide = static_cast<uint64_t>(int64_t{value});
  SKLAB_CHECK(check_constant(one, "r0 = " + text, Code(move(BPF_REG_0, value)), wide));
  SKLAB_CHECK(check_constant(one, "w0 = " + text, Code(move_low_half(BPF_REG_0, value)),
                             static_cast<uint32_t>(value)));
  return check_constant(one, "64-bit r0 = " + text, Code(move_64(BPF_REG_0, wide)), wide);
}

Result<> check_constants(Case &one, int32_t first, int32_t last) {
  for (int32_t code = first; code <= last; ++code) {
    SKLAB_CHECK(check_constant_of_32_bits(one, code));
  }
  return Ok{};
}

// Every power of two, its neighbours, and the same below zero.
Result<> check_powers_of_two(Case &one) {
  for (unsigned bit = 8; bit < 32; ++bit) {
    for (const int64_t distance : {-1, 0, 1}) {
      const int64_t value = (int64_t{1} << bit) + distance;
      for (const int64_t code : {value, -value}) {
        SKLAB_CHECK(check_constant_of_32_bits(one, static_cast<int32_t>(code)));
      }
    }
  }
  return Ok{};
}

// Their low 32 bits would be right codes, and are all that a caller of the program looks at.
Result<> check_high_bits(Case &one) {
  for (unsigned bit = 32; bit < 64; ++bit) {
    for (const uint64_t low : {0U, 1U}) {
      for (const uint64_t high : {uint64_t{1} << bit, ~uint64_t{0} << bit}) {
        const uint64_t value = high | low;
        const Code code(move_64(BPF_REG_0, value));
        SKLAB_CHECK(check_constant(one, fmt::format("r0 = {:#x}", value), code, value));
      }
    }
  }
  return Ok{};
}

// The map of a program that returns a number.
struct ReturnedNumber {
  uint64_t given = 0;     // to the program
  uint64_t returned = 0;  // R0 as the program left it
};

// A test run gives the verdict of the kernel, which is 0 or 1 whatever the program returned.
Code keep_number(const BpfMap &map) {
  return Code(load_map_value(BPF_REG_1, map.fd()),
              store(8, BPF_REG_1, offsetof(ReturnedNumber, returned), BPF_REG_0));
}

// Where a number comes from that the verifier does not know. `port` is what local_port and the map
// hold; a random number is not known to us either.
struct NumberSource {
  const char *name;
  Code (*code)(int map_fd);
  bool random;
};

constexpr std::array<NumberSource, 3> kNumberSources = {{
    {"local port",
     [](int) { return Code(load(4, BPF_REG_0, BPF_REG_1, offsetof(bpf_sk_lookup, local_port))); },
     false},
    {"map value",
     [](int map_fd) {
       return Code(load_map_value(BPF_REG_1, map_fd),
                   load(8, BPF_REG_0, BPF_REG_1, offsetof(ReturnedNumber, given)));
     },
     false},
    {"random number", [](int) { return Code(call(BPF_FUNC_get_prandom_u32)); }, true},
}};

// What is made of it, and what that is. Without `returned` it can be another number than 0 and 1.
struct Shape {
  const char *name;
  Code (*code)();
  uint32_t (*returned)(uint32_t port);
};

constexpr std::array<Shape, 7> kShapes = {{
    {"as it is", [] { return Code(); }, nullptr},
    {"lowest bit", [] { return Code(bit_and(BPF_REG_0, 1)); },
     [](uint32_t port) { return port & 1U; }},
    {"two lowest bits", [] { return Code(bit_and(BPF_REG_0, 3)); }, nullptr},
    {"second lowest bit", [] { return Code(bit_and(BPF_REG_0, 2)); }, nullptr},
    {"lowest bit and one more", [] { return Code(bit_and(BPF_REG_0, 1), add(BPF_REG_0, 1)); },
     nullptr},
    {"at most 1", [] { return Code(skip_if_at_most(BPF_REG_0, 1, 1), move(BPF_REG_0, 1)); },
     [](uint32_t port) { return port > 1 ? 1U : port; }},
    {"whether it is 7007",
     [] {
       return Code(skip_if_equal(BPF_REG_0, 7007, 2), move(BPF_REG_0, 0), skip(1),
                   move(BPF_REG_0, 1));
     },
     [](uint32_t port) { return port == 7007 ? 1U : 0U; }},
}};

Result<> check_returned_numbers(Case &one, const NumberSource &source, const Shape &shape,
                                const LoadAttempt &attempt, BpfMap &map) {
  constexpr uint64_t kNothingReturned = 2;
  for (const uint16_t port : {0, 1, 2, 3, 7006, 7007, 65534, 65535}) {
    const int error = map.put(0, ReturnedNumber{port, kNothingReturned});
    if (error != 0) return fail("fill", "map", error);
    SKLAB_TRY(const TestRunResult result, test_run(attempt.fd.get(), packet_to(port), 1));
    SKLAB_TRY(const ReturnedNumber number, map.get<ReturnedNumber>(0));
    const uint64_t expected = source.random ? number.returned : shape.returned(port);
    one.check(
        number.returned <= SK_PASS && number.returned == expected && result.return_code == expected,
        [&] {
          return fmt::format("{}, port {}: expected {}, got R0 = {} and the verdict {}", shape.name,
                             port, source.random ? "0 or 1" : std::to_string(expected),
                             number.returned, result.return_code);
        });
  }
  return Ok{};
}

Result<> check_number(Case &one, const NumberSource &source, const Shape &shape) {
  SKLAB_TRY(BpfMap map, BpfMap::create(BPF_MAP_TYPE_ARRAY, sizeof(ReturnedNumber), 1));
  const Code code(source.code(map.fd()), shape.code(), keep_number(map));
  if (shape.returned == nullptr) {
    check_refused(one, shape.name, code);
    return Ok{};
  }
  const LoadAttempt attempt = attempt_return(code);
  if (!check_accepted(one, shape.name, attempt)) return Ok{};
  return check_returned_numbers(one, source, shape, attempt, map);
}

// Something in R0 that is no number. Refused whatever it is, and the verifier names the register.
struct NotANumber {
  const char *name;
  Code (*code)(int map_fd);
};

constexpr std::array<NotANumber, 7> kNotNumbers = {{
    {"nothing", [](int) { return Code(); }},
    {"nothing on one branch",
     [](int) {
       return Code(load(4, BPF_REG_2, BPF_REG_1, offsetof(bpf_sk_lookup, local_port)),
                   skip_if_equal(BPF_REG_2, 7007, 1), move(BPF_REG_0, 1));
     }},
    {"context", [](int) { return Code(copy(BPF_REG_0, BPF_REG_1)); }},
    {"stack", [](int) { return Code(copy(BPF_REG_0, BPF_REG_10)); }},
    {"map", [](int map_fd) { return Code(load_map(BPF_REG_0, map_fd)); }},
    {"address of a map value", [](int map_fd) { return Code(load_map_value(BPF_REG_0, map_fd)); }},
    {"selected socket", [](int) { return Code(load(8, BPF_REG_0, BPF_REG_1, 0)); }},
}};

Result<> check_not_a_number(Case &one, const NotANumber &what) {
  SKLAB_TRY(const BpfMap map, BpfMap::create(BPF_MAP_TYPE_ARRAY, sizeof(uint64_t), 1));
  const LoadAttempt attempt = attempt_return(what.code(map.fd()));
  one.keep_verifier_message(attempt.verifier_message);
  const bool refused = attempt.error_number == EINVAL || attempt.error_number == EACCES;
  one.check(refused && contains(attempt.verifier_message, "R0"), [&] {
    return fmt::format("{}: expected EINVAL or EACCES and what R0 is, got {}", what.name,
                       attempt.text());
  });
  return Ok{};
}

// Main program and subprogram, one after the other, with the code that each ends with.
Code with_subprogram(const Code &after_call, int32_t subprogram_code) {
  const auto length = static_cast<int32_t>(after_call.all().size());
  return Code(call_subprogram(length + 1), after_call, leave(), move(BPF_REG_0, subprogram_code));
}

// Only what the program itself returns counts.
Result<> check_subprograms(Case &one) {
  for (int32_t code = 0; code < 4; ++code) {
    SKLAB_CHECK(check_constant(one, fmt::format("the code {} of a subprogram", code),
                               with_subprogram(Code(), code), static_cast<uint64_t>(code)));
    SKLAB_CHECK(check_constant(one, fmt::format("1 after a subprogram returned {}", code),
                               with_subprogram(Code(move(BPF_REG_0, 1)), code), 1));
  }
  return Ok{};
}

// The program has an exit of its own for one port.
Result<> check_two_exits(Case &one) {
  for (int32_t code = 0; code < 4; ++code) {
    const Code program(load(4, BPF_REG_2, BPF_REG_1, offsetof(bpf_sk_lookup, local_port)),
                       skip_if_equal(BPF_REG_2, 7007, 2), move(BPF_REG_0, 0), leave(),
                       move(BPF_REG_0, code));
    SKLAB_CHECK(check_constant(one, fmt::format("{} at the second exit", code), program,
                               static_cast<uint64_t>(code)));
  }
  return Ok{};
}

}  // namespace

void check_return_codes(CaseLog &log) {
  log.run("0 and 1 load", [](Case &one) { return check_constants(one, 0, 1); });
  log.run("2 to 255 are refused", [](Case &one) { return check_constants(one, 2, 255); });
  log.run("-255 to -1 are refused", [](Case &one) { return check_constants(one, -255, -1); });
  log.run("powers of two and neighbours are refused", check_powers_of_two);
  log.run("64-bit constants that end in 0 or 1 are refused", check_high_bits);
  log.run("exits with different codes", check_two_exits);
  log.run("subprograms", check_subprograms);
  for (const NumberSource &source : kNumberSources) {
    for (const Shape &shape : kShapes) {
      log.run(std::string(source.name) + ", " + shape.name,
              [&](Case &one) { return check_number(one, source, shape); });
    }
  }
  for (const NotANumber &what : kNotNumbers) {
    log.run(std::string(what.name) + " in R0",
            [&](Case &one) { return check_not_a_number(one, what); });
  }
}

}  // namespace sklab

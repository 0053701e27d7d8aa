// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/lifecycle/reproducer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "fuzz/lifecycle/sequence_text.h"
#include "fuzz/target/c_sockets.h"
#include "fuzz/target/c_source.h"

namespace sklab {
namespace {

const char *c_map(SocketMapKind map) {
  return map == SocketMapKind::kSockmap ? "SOCKMAP" : "SOCKHASH";
}

// As an argument.
std::string c_endpoint_value(const Endpoint &endpoint) {
  return "(struct endpoint)" + c_endpoint(endpoint);
}
std::string c_packet(const Packet &packet) {
  return fmt::format("(struct packet){{{}, {}, {}, {}}}", c_family(packet.source.address.family),
                     c_type(packet.protocol), c_endpoint(packet.source),
                     c_endpoint(packet.destination));
}
template <typename Numbers>
std::string c_list(const Numbers &numbers) {
  return c_string(fmt::format("{}", fmt::join(numbers, " ")));
}

std::string load_of(const NumberedProgram &program, size_t number) {
  std::string steps;
  for (const ProgramStep &step : program.steps) {
    steps += step.source ? fmt::format("{{{}, {}, {:#x}}}, ", c_map(step.source->map),
                                       step.source->key, step.flags)
                         : fmt::format("{{NO_SOCKET, 0, {:#x}}}, ", step.flags);
  }
  const std::string list =
      steps.empty() ? "NULL"
                    : fmt::format("(const struct step[]){{{}}}", steps.substr(0, steps.size() - 2));
  return fmt::format("\tload({}, {}, {}, {});\n", number,
                     program.return_code == kSkPass ? "SK_PASS" : "SK_DROP", list,
                     program.steps.size());
}

// The calls that only return 0 or an errno.
std::string call_about_socket(const Operation &operation) {
  const SocketSpec &spec = operation.spec;
  const size_t socket = operation.socket;
  switch (operation.kind) {
    case OperationKind::kOpenSocket:
      return fmt::format("open_socket({}, {}, {}, {:d}, {:d}, {})", socket, c_family(spec.family),
                         c_type(spec.protocol), spec.v6_only, spec.reuseport_group.has_value(),
                         operation.netns);
    case OperationKind::kBind:
      return fmt::format("bind_socket({}, {}, {})", socket, c_family(spec.family),
                         c_endpoint_value(spec.local));
    case OperationKind::kListen:
      return fmt::format("listen_on({})", socket);
    case OperationKind::kConnect:
      return fmt::format("connect_socket({}, {}, {})", socket, c_family(spec.family),
                         c_endpoint_value(*spec.peer));
    case OperationKind::kDisconnect:
      return fmt::format("disconnect_socket({})", socket);
    case OperationKind::kShutDown:
      return fmt::format("shut_down({})", socket);
    case OperationKind::kCloseSocket:
      return fmt::format("close_socket({})", socket);
    case OperationKind::kEstablish:
      return fmt::format("establish({}, {}, {})", socket, operation.netns,
                         c_packet(operation.packet));
    default:
      return fmt::format("put({}, {}, {}, {:#x})", socket, c_map(operation.map), operation.key,
                         operation.flags);
  }
}

std::string call_of(const Operation &operation) {
  switch (operation.kind) {
    case OperationKind::kAttach:
      return fmt::format("attach_link({}, {}, {})", operation.link, operation.program,
                         operation.netns);
    case OperationKind::kUpdate:
      return operation.expected ? fmt::format("update_expecting({}, {}, {})", operation.link,
                                              operation.program, *operation.expected)
                                : fmt::format("update({}, {})", operation.link, operation.program);
    case OperationKind::kDetach:
      return fmt::format("detach({})", operation.link);
    case OperationKind::kCloseLink:
      return fmt::format("close_link({})", operation.link);
    case OperationKind::kLegacyAttach:
      return fmt::format("attach_without_link({}, {})", operation.program, operation.netns);
    case OperationKind::kLegacyDetach:
      return fmt::format("detach_without_link({}, {})", operation.program, operation.netns);
    case OperationKind::kExitNetns:
      return fmt::format("exit_netns({})", operation.netns);
    case OperationKind::kOpenNetns:
      return fmt::format("open_netns({})", operation.netns);
    case OperationKind::kErase:
      return fmt::format("erase({}, {})", c_map(operation.map), operation.key);
    case OperationKind::kRead:
      return fmt::format("read_map({}, {})", c_map(operation.map), operation.key);
    case OperationKind::kLookUp:
      return fmt::format("look_up_in({}, {})", operation.netns, c_packet(operation.packet));
    default:
      return call_about_socket(operation);
  }
}

std::string found_of(const ExpectedResult &expected) {
  if (expected.sockets.empty()) return "\tfact_found(\"none\", (const int[]){-1});\n";
  return fmt::format("\tfact_found({}, (const int[]){{{}, -1}});\n",
                     c_string(fmt::format("{}", fmt::join(expected.sockets, " or "))),
                     fmt::join(expected.sockets, ", "));
}

// The call, and what has to come of it.
std::string facts_of(const Operation &operation, const ExpectedResult &expected) {
  const OperationResult &result = expected.result;
  const std::string what = c_string(describe(operation));
  if (operation.kind == OperationKind::kQuery) {
    return fmt::format("\tfact_query({}, {}, {:#x}, {}, {}, {}, {});\n", what, operation.netns,
                       operation.flags, operation.room, c_result(result.error), result.count,
                       c_list(result.programs));
  }
  if (operation.kind == OperationKind::kLinkInfo) {
    return fmt::format("\tfact_link({}, {}, {}, {});\n", what, operation.link,
                       result.programs.front(), result.count);
  }
  std::string text =
      fmt::format("\tfact_number({}, {}, {});\n", what, c_result(result.error), call_of(operation));
  const bool finds = operation.kind == OperationKind::kLookUp ||
                     operation.kind == OperationKind::kRead ||
                     operation.kind == OperationKind::kEstablish;
  if (finds) text += found_of(expected);
  if (operation.kind == OperationKind::kLookUp) {
    text += fmt::format("\tfact_lookup({}, {});\n", c_list(result.programs),
                        c_list(result.step_results));
  }
  return text;
}

std::string loads_of(const Sequence &sequence) {
  std::string text;
  for (size_t i = 0; i < kAllPrograms; ++i) {
    const bool used =
        std::any_of(sequence.operations.begin(), sequence.operations.end(),
                    [i](const auto &operation) { return names_program(operation, i); });
    if (!used) continue;
    text += i == kOtherProgram ? fmt::format("\tload_socket_filter({});\n", i)
                               : load_of(sequence.programs[i], i);
  }
  return text;
}

}  // namespace

std::string reproducer_of(const std::string &about, const LifecycleFinding &finding) {
  const Sequence &sequence = finding.sequence;
  std::string code = fmt::format(
      "#include \"fuzz/target/c/calls.h\"\n\nstatic void run(void)\n{{\n\tset_up({}, {});\n",
      kSockmapEntries, kSockhashEntries);
  code += loads_of(sequence);
  for (size_t i = 0; i < sequence.operations.size(); ++i) {
    code += facts_of(sequence.operations[i], finding.all_expected[i]);
  }
  // Which member of a group is chosen depends on a secret of the netns.
  constexpr int kTries = 32;
  code += fmt::format("}}\n\nint main(void)\n{{\n\treturn in_fresh_netns(run, {});\n}}\n",
                      has_reuseport(sequence) ? kTries : 1);
  return stand_alone_c(about, code);
}

}  // namespace sklab

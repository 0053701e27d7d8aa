// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/lifecycle/operation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace sklab {
namespace {

constexpr std::array<const char *, kOperationKinds> kNames = {"attach",
                                                              "update",
                                                              "detach",
                                                              "close link",
                                                              "query",
                                                              "link info",
                                                              "attach without a link",
                                                              "detach without a link",
                                                              "exit netns",
                                                              "open netns",
                                                              "open socket",
                                                              "bind",
                                                              "listen",
                                                              "connect",
                                                              "disconnect",
                                                              "shut down",
                                                              "establish",
                                                              "close socket",
                                                              "put",
                                                              "erase",
                                                              "read",
                                                              "look up"};

const char *map_name(SocketMapKind map) {
  return map == SocketMapKind::kSockmap ? "sockmap" : "sockhash";
}

std::string packet_text(const Packet &packet) {
  return fmt::format("{} {} -> {}", packet.protocol == Protocol::kTcp ? "tcp" : "udp",
                     packet.source.text(), packet.destination.text());
}

std::string socket_kind(const SocketSpec &spec) {
  return fmt::format("{}{}{}{}", spec.protocol == Protocol::kTcp ? "tcp" : "udp",
                     spec.family == Family::kIpv4 ? "4" : "6", spec.v6_only ? " v6only" : "",
                     spec.reuseport_group ? " reuseport" : "");
}

std::string error_text(int error) {
  return error == 0 ? "succeeds" : fmt::format("errno {}", -error);
}

std::string facts(const OperationResult &result, OperationKind kind, const std::string &socket) {
  std::string text = error_text(result.error) + "\n";
  switch (kind) {
    case OperationKind::kQuery:
      return text + fmt::format("{} programs\nids of programs [{}]\n", result.count,
                                fmt::join(result.programs, " "));
    case OperationKind::kLinkInfo:
      return text + fmt::format("program [{}]\n{}\n", fmt::join(result.programs, " "),
                                result.count == 0   ? "detached"
                                : result.count == 1 ? "attached to its netns"
                                                    : "attached to another netns");
    case OperationKind::kLookUp:
      return text + fmt::format("socket {}\nprograms that ran [{}]\nresults of their steps [{}]\n",
                                socket, fmt::join(result.programs, " "),
                                fmt::join(result.step_results, " "));
    case OperationKind::kRead:
    case OperationKind::kEstablish:
      return text + fmt::format("socket {}\n", socket);
    default:
      return text;
  }
}

}  // namespace

bool names_program(const Operation &operation, size_t program) {
  switch (operation.kind) {
    case OperationKind::kAttach:
    case OperationKind::kUpdate:
    case OperationKind::kLegacyAttach:
    case OperationKind::kLegacyDetach:
      return operation.program == program || operation.expected == program;
    default:
      return false;
  }
}

bool has_reuseport(const Sequence &sequence) {
  return std::any_of(sequence.operations.begin(), sequence.operations.end(),
                     [](const Operation &operation) {
                       return operation.kind == OperationKind::kOpenSocket &&
                              operation.spec.reuseport_group.has_value();
                     });
}

bool allows(const ExpectedResult &expected, const OperationResult &result) {
  OperationResult without_socket = result;
  without_socket.socket.reset();
  if (without_socket != expected.result) return false;
  if (!result.socket) return expected.sockets.empty();
  return std::find(expected.sockets.begin(), expected.sockets.end(), *result.socket) !=
         expected.sockets.end();
}

std::string operation_name(OperationKind kind) { return kNames[static_cast<size_t>(kind)]; }

std::string describe(const Operation &operation) {
  const std::string name = operation_name(operation.kind);
  switch (operation.kind) {
    case OperationKind::kAttach:
      return fmt::format("{} link {}: program {} to netns {}", name, operation.link,
                         operation.program, operation.netns);
    case OperationKind::kUpdate:
      return fmt::format(
          "{} link {} with program {}{}", name, operation.link, operation.program,
          operation.expected ? fmt::format(" instead of program {}", *operation.expected) : "");
    case OperationKind::kDetach:
      return fmt::format("{} link {}", name, operation.link);
    case OperationKind::kCloseLink:
    case OperationKind::kLinkInfo:
      return fmt::format("{} {}", name, operation.link);
    case OperationKind::kQuery:
      return fmt::format("{} netns {} room={} flags={:#x}", name, operation.netns, operation.room,
                         operation.flags);
    case OperationKind::kLegacyAttach:
    case OperationKind::kLegacyDetach:
      return fmt::format("{}: program {} in netns {}", name, operation.program, operation.netns);
    case OperationKind::kExitNetns:
    case OperationKind::kOpenNetns:
      return fmt::format("{} {}", name, operation.netns);
    case OperationKind::kOpenSocket:
      return fmt::format("{} {} {} in netns {}", name, operation.socket,
                         socket_kind(operation.spec), operation.netns);
    case OperationKind::kBind:
      return fmt::format("{} socket {} to {}", name, operation.socket, operation.spec.local.text());
    case OperationKind::kConnect:
      return fmt::format("{} socket {} to {}", name, operation.socket, operation.spec.peer->text());
    case OperationKind::kListen:
    case OperationKind::kDisconnect:
    case OperationKind::kShutDown:
      return fmt::format("{} socket {}", name, operation.socket);
    case OperationKind::kEstablish:
      return fmt::format("{} socket {} in netns {}: {}", name, operation.socket, operation.netns,
                         packet_text(operation.packet));
    case OperationKind::kCloseSocket:
      return fmt::format("{} {}", name, operation.socket);
    case OperationKind::kPut:
      return fmt::format("{} socket {} into {} {} flags={:#x}", name, operation.socket,
                         map_name(operation.map), operation.key, operation.flags);
    case OperationKind::kErase:
    case OperationKind::kRead:
      return fmt::format("{} {} {}", name, map_name(operation.map), operation.key);
    case OperationKind::kLookUp:
      break;
  }
  return fmt::format("{} in netns {}: {}", name, operation.netns, packet_text(operation.packet));
}

std::string describe(const NumberedProgram &program, size_t number) {
  std::string text = fmt::format("program {}:", number);
  for (const ProgramStep &step : program.steps) {
    const std::string source =
        step.source ? fmt::format("{} {}", map_name(step.source->map), step.source->key) : "null";
    text += fmt::format(" assign {} flags={:#x};", source, step.flags);
  }
  return text + (program.return_code == kSkPass ? " pass" : " drop");
}

std::string describe(const ExpectedResult &expected, OperationKind kind) {
  return facts(
      expected.result, kind,
      expected.sockets.empty() ? "none" : fmt::format("{}", fmt::join(expected.sockets, " or ")));
}

std::string describe(const OperationResult &result, OperationKind kind) {
  return facts(result, kind, result.socket ? std::to_string(*result.socket) : "none");
}

}  // namespace sklab

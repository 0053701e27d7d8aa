// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// One call about links, sockets, maps or a netns, and what comes of it. Links, sockets and programs
// have numbers, which stay the same when other operations are left out of a sequence.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bpf/abi.h"
#include "harness/model/lifecycle_rules.h"
#include "harness/model/scenario.h"

namespace sklab {

enum class OperationKind : uint8_t {
  kAttach,        // new `link`, `program`, `netns`
  kUpdate,        // `link`, `program`, `expected`
  kDetach,        // `link`
  kCloseLink,     // `link`
  kQuery,         // `netns`, `room`, `flags`
  kLinkInfo,      // `link`
  kLegacyAttach,  // `netns`, `program`
  kLegacyDetach,  // `netns`, `program`
  kExitNetns,     // `netns`: its sockets are closed, and the last reference
  kOpenNetns,     // `netns`: a fresh one in its place
  kOpenSocket,    // new `socket`, `netns`, `spec`
  kBind,          // `socket`, `spec.local`
  kListen,        // `socket`
  kConnect,       // `socket`, `spec.peer`: UDP
  kDisconnect,    // `socket`: UDP
  kShutDown,      // `socket`: TCP, which listens no longer
  kEstablish,     // new `socket`, `netns`, `packet`: TCP, by whoever listens
  kCloseSocket,   // `socket`
  kPut,           // `socket`, `map`, `key`, `flags`
  kErase,         // `map`, `key`
  kRead,          // `map`, `key`
  kLookUp,        // `netns`, `packet`
};
inline constexpr size_t kOperationKinds = 22;

inline constexpr size_t kNetnsSlots = 2;
inline constexpr size_t kLookupPrograms = SKLAB_NUMBERS;
// The number of the program that is of another type.
inline constexpr size_t kOtherProgram = kLookupPrograms;
inline constexpr size_t kAllPrograms = kLookupPrograms + 1;

// Keys that operations name: some do not fit into the maps.
inline constexpr uint32_t kMapKeys = 6;
// Ids that a query has room for at most.
inline constexpr uint32_t kMostRoom = SKLAB_PROGRAMS + 1;

struct Operation {
  OperationKind kind = OperationKind::kLookUp;
  size_t netns = 0;
  size_t link = 0;
  size_t socket = 0;
  size_t program = 0;
  std::optional<size_t> expected = {};  // BPF_F_REPLACE with this program
  SocketMapKind map = SocketMapKind::kSockmap;
  uint32_t key = 0;
  uint32_t room = 0;
  uint64_t flags = 0;
  SocketSpec spec = {};
  Packet packet = {};

  bool operator==(const Operation &) const = default;
};

// One step of a program: an assign of what a map has at a key, or of NULL.
struct ProgramStep {
  struct Source {
    SocketMapKind map = SocketMapKind::kSockmap;
    uint32_t key = 0;

    bool operator==(const Source &) const = default;
  };
  std::optional<Source> source;
  uint64_t flags = 0;

  bool operator==(const ProgramStep &) const = default;
};

struct NumberedProgram {
  std::vector<ProgramStep> steps;
  uint32_t return_code = kSkPass;

  bool operator==(const NumberedProgram &) const = default;
};

using ProgramTable = std::array<NumberedProgram, kLookupPrograms>;

// What an input stands for.
struct Sequence {
  ProgramTable programs;
  std::vector<Operation> operations;

  bool operator==(const Sequence &) const = default;
};

// What came of an operation. Which members count depends on its kind.
struct OperationResult {
  int error = 0;  // or a negative errno
  // kQuery: attached programs that were written. kLinkInfo: the link's. kLookUp: those that ran, in
  // the order in which they did.
  std::vector<size_t> programs;
  std::vector<int> step_results;  // kLookUp: of all programs that ran
  uint32_t count = 0;             // kQuery: of programs. kLinkInfo: 1 while attached
  std::optional<size_t> socket;   // kLookUp, kRead: the one that was found

  bool operator==(const OperationResult &) const = default;
};

// What the rules say: which sockets may be found, if any has to be.
struct ExpectedResult {
  OperationResult result;       // but for `socket`
  std::vector<size_t> sockets;  // each a right answer; none: no socket
};

// Whether an attach, an update or a call without a link names it.
bool names_program(const Operation &operation, size_t program);
// Whether a socket may be of a reuseport group, whose members a secret hash chooses from.
bool has_reuseport(const Sequence &sequence);

bool allows(const ExpectedResult &expected, const OperationResult &result);

// One line: "update link 3 with program 2 instead of program 1".
std::string describe(const Operation &operation);
// "program 2: assign sockmap 1 replace; pass".
std::string describe(const NumberedProgram &program, size_t number);
// Facts, one a line.
std::string describe(const ExpectedResult &expected, OperationKind kind);
std::string describe(const OperationResult &result, OperationKind kind);
std::string operation_name(OperationKind kind);

}  // namespace sklab

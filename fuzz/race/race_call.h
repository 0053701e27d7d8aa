// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// One call of a race, what it names, and what came of it.
#pragma once

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sklab {

inline constexpr size_t kRaceThreads = 3;  // at most
inline constexpr size_t kRacePrograms = 4;
inline constexpr size_t kRaceLinks = 8;  // slots: the first ones are attached when a race begins
inline constexpr size_t kRaceSockets = 6;
inline constexpr size_t kRaceKeys = 4;
inline constexpr size_t kRaceNamespaces = 2;  // the second one may go away

enum class RaceCallKind : uint8_t {
  kAttach,        // a link at a free slot
  kUpdate,        // the link's program
  kReplace,       // the same if the link has the program that is expected
  kUpdateFresh,   // the link's program, by one that is loaded for it and that nobody else holds
  kReplaceFresh,  // the same if the link has the program that is expected
  kDetach,
  kQuery,
  kInfo,
  kLookUp,
  kCloseLink,
  kInfoById,          // of all programs and links of the machine
  kTestRun,           // of a program by itself
  kReopenSocket,      // it is closed, and another one is opened in its place
  kConnectSocket,     // UDP: from then on it is no longer for everybody; TCP: if it does not listen
  kDisconnectSocket,  // TCP: it does not listen any more
  kListen,
  kAccept,  // and close what is accepted
  kPut,     // a socket into the map
  kErase,   // out of it
  kSend,    // to the socket's port, a datagram or a SYN
  kExitNetns,
};

// What a kind of call names.
enum RaceOperand : unsigned {
  kNamesLink = 1,
  kNamesProgram = 2,
  kNamesExpected = 4,
  kNamesNetns = 8,
  kNamesSocket = 16,
  kNamesKey = 32,
};

struct RaceCallInfo {
  const char *name;
  unsigned operands;
  // How often it is in races in which links alone change, and in those in which everything does.
  unsigned weight_of_links;
  unsigned weight_of_all;
};

inline constexpr std::array kRaceCalls = {
    RaceCallInfo{"attach", kNamesLink | kNamesProgram | kNamesNetns, 2, 3},
    RaceCallInfo{"update", kNamesLink | kNamesProgram, 4, 2},
    RaceCallInfo{"replace", kNamesLink | kNamesProgram | kNamesExpected, 6, 2},
    RaceCallInfo{"update_fresh", kNamesLink, 4, 4},
    RaceCallInfo{"replace_fresh", kNamesLink | kNamesExpected, 6, 3},
    RaceCallInfo{"detach", kNamesLink, 2, 2},
    RaceCallInfo{"query", kNamesNetns, 3, 2},
    RaceCallInfo{"info", kNamesLink, 4, 3},
    RaceCallInfo{"look_up", kNamesSocket, 6, 6},
    RaceCallInfo{"close_link", kNamesLink, 0, 3},
    RaceCallInfo{"info_by_id", 0, 0, 2},
    RaceCallInfo{"test_run", kNamesProgram | kNamesSocket, 0, 3},
    RaceCallInfo{"reopen_socket", kNamesSocket, 0, 5},
    RaceCallInfo{"connect_socket", kNamesSocket, 0, 2},
    RaceCallInfo{"disconnect_socket", kNamesSocket, 0, 2},
    RaceCallInfo{"listen", kNamesSocket, 0, 3},
    RaceCallInfo{"accept", kNamesSocket, 0, 2},
    RaceCallInfo{"put", kNamesSocket | kNamesKey, 0, 5},
    RaceCallInfo{"erase", kNamesKey, 0, 2},
    RaceCallInfo{"send", kNamesSocket, 0, 4},
    RaceCallInfo{"exit_netns", 0, 0, 2},
};

constexpr const RaceCallInfo &info_of(RaceCallKind kind) {
  return kRaceCalls[static_cast<size_t>(kind)];
}

struct RaceCall {
  RaceCallKind kind = RaceCallKind::kLookUp;
  size_t link = 0;
  size_t program = 0;
  size_t expected = 0;
  size_t netns = 0;
  size_t socket = 0;
  size_t key = 0;
  uint32_t delay = 0;  // turns of a loop before it

  bool operator==(const RaceCall &) const = default;
};

// "replace link 0 program 2 expected 1 after 120".
std::string describe(const RaceCall &call);

// Fresh programs have numbers from here on: this and the call's place (call_place()).
inline constexpr size_t kFirstFreshProgram = 1000;
inline constexpr size_t kMostRaceCalls = 16;  // of a thread
constexpr size_t call_place(size_t thread, size_t index) { return thread * kMostRaceCalls + index; }

// Of a link that begins with one. No thread has such a place.
constexpr size_t kFirstPlace = kMostRaceCalls * (kMostRaceCalls - 1);
constexpr size_t first_program_of(size_t link) { return kFirstFreshProgram + kFirstPlace + link; }

// What a call says of a program that is just going away: it has no id any more.
inline constexpr size_t kGoneProgram = kFirstFreshProgram - 1;

// Of a system call that returned this: 0 or a negative errno.
inline int error_of(int failed) { return failed == 0 ? 0 : -errno; }

struct RaceResult {
  int error = 0;  // or a negative errno
  // kQuery: those attached. kInfo: the link's. kLookUp: those that ran, but for fresh ones.
  std::vector<size_t> programs;
  bool attached = false;  // kInfo
  uint32_t mark = 0;      // kLookUp: of the socket that was found, 0 for none
};

// One call as it was made. Calls of which one ended before the other began were made in that order.
struct RaceEvent {
  RaceCall call;
  uint64_t began = 0;
  uint64_t ended = 0;
  RaceResult result;
};

std::string describe(const RaceEvent &event);

}  // namespace sklab

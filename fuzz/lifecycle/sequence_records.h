// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A sequence as bytes that can be mutated: a list of records of one size. A record is an operation,
// several that belong together, or what a program does. Any bytes are a valid sequence: operands
// are taken modulo what exists at that place, and what is impossible is left out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "fuzz/lifecycle/operation.h"

namespace sklab {

enum class SequenceRecord : uint8_t {
  kProgram,      // [1] program; [2] source; [3] flags; [4] bit 0: drop, bit 1: one more step
  kAttach,       // [1] program; [2] netns
  kAttachMany,   // [1] program; [2] netns; [3] how often
  kUpdate,       // [1] link; [2] program; [3] expected: none, the right one, or any
  kDetach,       // [1] link
  kCloseLink,    // [1] link
  kQuery,        // [2] netns; [3] room; [4] flags
  kLinkInfo,     // [1] link
  kLegacy,       // [1] program; [2] netns; [3] attach or detach
  kNetns,        // [2] netns: exits, or is opened again; [3] most do nothing, since it takes time
  kServer,       // [1] SequenceBits; [2] netns; [3] address; [4] port; [5] stage; [6] source;
                 // [7] peer: opened, bound and so on, as far as the stage says
  kBind,         // [1] socket; [3] address; [4] port
  kListen,       // [1] socket
  kConnect,      // [1] socket; [7] peer
  kDisconnect,   // [1] socket
  kShutDown,     // [1] socket
  kEstablish,    // [1] SequenceBits; [2] netns; [3] address; [4] port; [5] socket to connect to;
                 // [7] peer
  kCloseSocket,  // [1] socket
  kPut,          // [1] socket; [6] destination; [4] flags
  kErase,        // [6] source
  kRead,         // [6] source
  kLookUp,       // [1] SequenceBits; [2] netns; [3] address; [4] port; [5] socket; [7] peer
  kCheckAll,     // query of every netns, info of every link, all keys of both maps, a lookup for
                 // every socket
};
inline constexpr size_t kSequenceRecords = 23;
inline constexpr size_t kSequenceRecordSize = 8;
constexpr SequenceRecord sequence_record(uint8_t first_byte) {
  return static_cast<SequenceRecord>(first_byte % kSequenceRecords);
}

enum SequenceBits : uint8_t {
  kSequenceUdp = 1,
  kSequenceIpv6 = 2,
  kSequenceV6Only = 4,
  kSequenceReuseport = 8,
  kSequenceMapped = 16,
  kSequenceFromPeer = 32,  // of a lookup: from the peer of the socket
};

inline constexpr size_t kMostOperations = 400;

// What is left of a record at the end is ignored. Ends with what kCheckAll stands for.
Sequence decode_sequence(std::span<const uint8_t> bytes);

}  // namespace sklab

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <map>
#include <string>

#include "fuzz/packet/packet_lab.h"
#include "fuzz/target/finding.h"

namespace sklab {

// Its signature says what differs and which kind of packet it is about. `sklab replay` can show it
// when it is about a plain datagram or SYN.
Finding describe_finding(const PacketFinding &finding);

// Files that show an input: its population, and what it sends.
std::map<std::string, std::string> packet_files(const PacketInput &input);

// What a packet consists of, a line each, and its frames in hexadecimal.
std::string describe_packet(const PacketSpec &spec, const std::vector<Frame> &frames);

// The frames as a capture file (pcap, link type "raw IP").
std::string capture_file(const std::vector<Frame> &frames);

}  // namespace sklab

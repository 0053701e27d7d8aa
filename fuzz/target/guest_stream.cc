// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/target/guest_stream.h"

#include <fmt/format.h>

#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "harness/base/file.h"
#include "harness/guest/byte_frames.h"

namespace sklab {
namespace {

using Json = nlohmann::json;

// Of the guest's clock, which in an emulator is slower than others.
constexpr std::chrono::milliseconds kPeriod(250);

std::string text_of(const Json &json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string encode_stream_kernel(const Fingerprint &fingerprint) {
  return text_of({{"release", fingerprint.kernel_release},
                  {"version", fingerprint.kernel_version},
                  {"config_sha256", fingerprint.kernel_config_sha256},
                  {"btf_sha256", fingerprint.kernel_btf_sha256}});
}

Result<> decode_stream_kernel(std::string_view text, Fingerprint &fingerprint) {
  try {
    const Json json = Json::parse(text);
    fingerprint.kernel_release = json.at("release");
    fingerprint.kernel_version = json.at("version");
    fingerprint.kernel_config_sha256 = json.at("config_sha256");
    fingerprint.kernel_btf_sha256 = json.at("btf_sha256");
    return Ok{};
  } catch (const Json::exception &) {
    return fail("understand what a guest says of its kernel");
  }
}

std::string encode_stream_figures(const StreamFigures &figures) {
  return text_of({figures.inputs, figures.checked, figures.kernel_ns, figures.known_findings});
}

Result<StreamFigures> decode_stream_figures(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    return StreamFigures{json.at(0), json.at(1), json.at(2), json.at(3)};
  } catch (const Json::exception &) {
    return fail("understand a guest's figures");
  }
}

std::string encode_stream_blocks(std::span<const uint64_t> blocks) {
  std::string bytes(blocks.size_bytes(), '\0');
  if (!blocks.empty()) std::memcpy(bytes.data(), blocks.data(), bytes.size());
  return bytes;
}

std::vector<uint64_t> decode_stream_blocks(std::string_view bytes) {
  std::vector<uint64_t> blocks(bytes.size() / sizeof(uint64_t));
  if (!blocks.empty()) std::memcpy(blocks.data(), bytes.data(), blocks.size() * sizeof(uint64_t));
  return blocks;
}

NamedPayload decode_named(std::string_view payload) {
  const size_t zero = payload.find('\0');
  if (zero == std::string_view::npos) return {};
  return {std::string(payload.substr(0, zero)), std::string(payload.substr(zero + 1))};
}

Result<GuestStream> GuestStream::open(std::filesystem::path corpus) {
  SKLAB_TRY(const DebugPort port, DebugPort::open(kNotePort));
  GuestStream stream(port, std::move(corpus));
  stream.new_inputs();  // the host has those that are there already
  return stream;
}

void GuestStream::send(StreamKind kind, std::string_view payload) const {
  port_.write(encode_frame(static_cast<uint8_t>(kind), payload));
}

void GuestStream::send_finding(const std::filesystem::path &folder) const {
  std::error_code error;
  for (const auto &entry : std::filesystem::directory_iterator(folder, error)) {
    const auto content = read_file(entry.path());
    const auto name = folder.filename() / entry.path().filename();
    if (content) send(StreamKind::kFindingFile, name.string() + '\0' + *content);
  }
}

std::vector<std::filesystem::path> GuestStream::new_inputs() {
  std::vector<std::filesystem::path> added;
  std::error_code error;
  for (const auto &entry : std::filesystem::directory_iterator(corpus_, error)) {
    if (known_inputs_.insert(entry.path().filename()).second) added.push_back(entry.path());
  }
  return added;
}

void GuestStream::send_progress(const StreamFigures &figures, std::span<const uint64_t> blocks) {
  for (const auto &path : new_inputs()) {
    const auto input = read_file(path);
    if (input) send(StreamKind::kCorpusInput, path.filename().string() + '\0' + *input);
  }
  if (!blocks.empty()) send(StreamKind::kBlocks, encode_stream_blocks(blocks));
  send(StreamKind::kFigures, encode_stream_figures(figures));
  next_ = std::chrono::steady_clock::now() + kPeriod;
}

}  // namespace sklab

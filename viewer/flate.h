#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace archive {

/// Packs bytes in the zlib format (RFC 1950), which PDF calls FlateDecode, as they come: what
/// is packed is the only thing it keeps. By zlib.
class Flate {
 public:
  enum class Frame { zlib, gzip };
  explicit Flate(Frame frame = Frame::zlib);
  ~Flate();
  Flate(const Flate&) = delete;
  Flate& operator=(const Flate&) = delete;

  void add(std::string_view bytes);
  /// The packed bytes. Nothing may be added afterwards.
  std::string take();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string flate(std::string_view bytes);

/// The same as a gzip file (RFC 1952), for whoever speaks HTTP.
std::string gzip(std::string_view bytes);

}  // namespace archive

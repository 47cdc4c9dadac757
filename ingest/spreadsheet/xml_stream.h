#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace archive {

/// The attributes of an element, by their names without namespace.
class XmlAttributes {
 public:
  explicit XmlAttributes(const char* const* pairs) : pairs_(pairs) {}
  /// Empty when there is no such attribute.
  std::string_view operator[](std::string_view name) const;

 private:
  const char* const* pairs_;
};

/// Hears an XML text as it comes by. Names are without namespace.
class XmlListener {
 public:
  virtual ~XmlListener() = default;
  virtual void begin(std::string_view name, const XmlAttributes& attributes) = 0;
  virtual void end(std::string_view name) = 0;
  /// A piece of text; one text may come in several.
  virtual void text(std::string_view piece) = 0;
};

/// Reads an XML text piece by piece, in memory that does not grow with it. By Expat. A document
/// type declaration is refused: no entity is ever expanded, no other file looked at.
class XmlStream {
 public:
  /// `where` is what errors name; the listener is lent.
  XmlStream(std::string where, XmlListener& listener);
  ~XmlStream();
  XmlStream(const XmlStream&) = delete;
  XmlStream& operator=(const XmlStream&) = delete;

  /// Throws ArchiveError{input_missing} when it is no XML, and whatever the listener throws.
  void feed(std::string_view bytes);
  void finish();  ///< there is no more; throws the same when something is missing

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace archive

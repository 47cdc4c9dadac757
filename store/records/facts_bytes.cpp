#include "store/records/facts_bytes.h"

#include <cmath>
#include <utility>

#include "core/error.h"
#include "store/objects/compression.h"

namespace archive {
namespace {

constexpr std::uint64_t kForm = 1;
constexpr double kConfidenceSteps = 1000;

[[noreturn]] void refuse(const std::string& problem) {
  throw ArchiveError(ErrorKind::records, "records: the facts of a dossier", problem,
                     "run `juanzong reprocess`, which makes them anew; if the program is older "
                     "than the archive, install the newer one");
}

/// Numbers seven bits a byte, low ones first; texts after their length.
class Writer {
 public:
  void number(std::uint64_t value) {
    while (value >= 0x80) {
      bytes_ += static_cast<char>(value | 0x80);
      value >>= 7;
    }
    bytes_ += static_cast<char>(value);
  }
  void text(std::string_view text) {
    number(text.size());
    bytes_ += text;
  }
  void raw(std::string_view bytes) { bytes_ += bytes; }
  std::string take() && { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(raw(1).front());
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return value;
    }
    refuse("a number has no end");
  }
  std::int64_t signed_number() { return static_cast<std::int64_t>(number()); }
  int small_number() { return static_cast<int>(number()); }
  std::string text() { return std::string(raw(number())); }
  std::string_view raw(std::uint64_t size) {
    if (size > bytes_.size()) refuse("they end too early");
    const std::string_view part = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return part;
  }
  /// How many of something follow; each of them has at least a byte.
  std::size_t count() {
    const std::uint64_t count = number();
    if (count > bytes_.size()) refuse("they end too early");
    return count;
  }
  bool at_end() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
};

// Flags of a page and of a field; validity takes two bits.
constexpr unsigned kSetAside = 1, kTitled = 2, kIllegible = 4;
constexpr unsigned kUnsure = 1, kHandwritten = 2, kByPerson = 4, kValidityShift = 3;

constexpr unsigned flag(bool set, unsigned bit) { return set ? bit : 0; }

void write(Writer& out, const FieldFact& field) {
  out.text(field.field);
  out.number(static_cast<std::uint64_t>(field.row + 1));
  // Mostly the same: then the second is left out.
  out.text(field.value);
  out.text(field.raw == field.value ? std::string_view() : std::string_view(field.raw));
  out.number(static_cast<std::uint64_t>(std::lround(field.confidence * kConfidenceSteps)));
  out.number(flag(field.unsure, kUnsure) | flag(field.handwritten, kHandwritten) |
             flag(field.by_person, kByPerson) |
             static_cast<unsigned>(field.validity) << kValidityShift);
}

FieldFact read_field(Reader& in) {
  FieldFact field;
  field.field = in.text();
  field.row = in.small_number() - 1;
  field.value = in.text();
  field.raw = in.text();
  if (field.raw.empty()) field.raw = field.value;
  field.confidence = static_cast<double>(in.number()) / kConfidenceSteps;
  const std::uint64_t flags = in.number();
  field.unsure = (flags & kUnsure) != 0;
  field.handwritten = (flags & kHandwritten) != 0;
  field.by_person = (flags & kByPerson) != 0;
  const std::uint64_t validity = flags >> kValidityShift;
  if (validity > static_cast<std::uint64_t>(FieldValidity::invalid)) refuse("a flag is not known");
  field.validity = static_cast<FieldValidity>(validity);
  return field;
}

void write(Writer& out, const PageFact& page) {
  out.number(static_cast<std::uint64_t>(page.number));
  out.text(page.content);
  out.number(flag(page.set_aside, kSetAside) | flag(page.titled, kTitled) |
             flag(page.illegible, kIllegible));
  out.number(static_cast<std::uint64_t>(page.kind));
  out.text(page.doc_type);
  out.number(static_cast<std::uint64_t>(std::lround(page.doc_type_confidence * kConfidenceSteps)));
  out.number(static_cast<std::uint64_t>(page.rotation));
  out.number(static_cast<std::uint64_t>(page.item_sequence));
  out.number(static_cast<std::uint64_t>(page.page_of_item));
  out.text(sketch_bytes(page.sketch));
  out.number(page.fields.size());
  for (const FieldFact& field : page.fields) write(out, field);
}

PageFact read_page_fact(Reader& in) {
  PageFact page;
  page.number = in.signed_number();
  page.content = in.text();
  const std::uint64_t flags = in.number();
  page.set_aside = (flags & kSetAside) != 0;
  page.titled = (flags & kTitled) != 0;
  page.illegible = (flags & kIllegible) != 0;
  const std::uint64_t kind = in.number();
  if (kind > static_cast<std::uint64_t>(PageKind::separator)) refuse("a kind is not known");
  page.kind = static_cast<PageKind>(kind);
  page.doc_type = in.text();
  page.doc_type_confidence = static_cast<double>(in.number()) / kConfidenceSteps;
  page.rotation = in.small_number();
  page.item_sequence = in.small_number();
  page.page_of_item = in.signed_number();
  page.sketch = parse_sketch(in.text());
  const std::size_t count = in.count();
  page.fields.reserve(count);
  for (std::size_t i = 0; i < count; ++i) page.fields.push_back(read_field(in));
  return page;
}

void write(Writer& out, const ItemFact& item) {
  out.number(static_cast<std::uint64_t>(item.sequence));
  for (const std::string* text :
       {&item.doc_type, &item.title, &item.date, &item.pages_declared, &item.retention}) {
    out.text(*text);
  }
  out.number(item.catalogued ? 1 : 0);
}

ItemFact read_item(Reader& in) {
  return {in.small_number(), in.text(), in.text(),       in.text(),
          in.text(),         in.text(), in.number() != 0};
}

}  // namespace

std::string facts_bytes(const DossierFacts& facts) {
  Writer out;
  out.number(kForm);
  out.number(static_cast<std::uint64_t>(facts.number));
  out.number(static_cast<std::uint64_t>(facts.batch));
  for (const std::string* text :
       {&facts.dossier_no, &facts.title, &facts.opened_by, &facts.received_on}) {
    out.text(*text);
  }
  out.number(facts.items.size());
  for (const ItemFact& item : facts.items) write(out, item);
  out.number(facts.pages.size());
  for (const PageFact& page : facts.pages) write(out, page);
  return compress(std::move(out).take());
}

DossierFacts parse_facts(std::string_view bytes) {
  const std::string content = expand(bytes);
  Reader in(content);
  if (in.number() != kForm) refuse("they have a form that this program does not know");
  DossierFacts facts;
  facts.number = in.signed_number();
  facts.batch = in.signed_number();
  for (std::string* text :
       {&facts.dossier_no, &facts.title, &facts.opened_by, &facts.received_on}) {
    *text = in.text();
  }
  const std::size_t items = in.count();
  for (std::size_t i = 0; i < items; ++i) facts.items.push_back(read_item(in));
  const std::size_t pages = in.count();
  facts.pages.reserve(pages);
  for (std::size_t i = 0; i < pages; ++i) facts.pages.push_back(read_page_fact(in));
  if (!in.at_end()) refuse("something follows them");
  return facts;
}

std::string sketch_bytes(const std::vector<std::uint32_t>& sketch) {
  std::string bytes;
  bytes.reserve(sketch.size() * 4);
  for (const std::uint32_t hash : sketch) {
    for (unsigned shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(hash >> shift);
  }
  return bytes;
}

std::vector<std::uint32_t> parse_sketch(std::string_view bytes) {
  if (bytes.size() % 4 != 0) refuse("a sketch of a text is cut");
  std::vector<std::uint32_t> sketch(bytes.size() / 4);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    sketch[i / 4] |= std::uint32_t{static_cast<unsigned char>(bytes[i])} << (i % 4 * 8);
  }
  return sketch;
}

}  // namespace archive

#pragma once

#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "index/page_index.h"

namespace archive {

/// Any number of pages like those of a set of dossiers: each is one of its pages, with another
/// person, employer, and other numbers and dates. Which, depends on seed and page number alone.
class Corpus {
 public:
  /// `templates` is written by bench/corpus: "P<tab>type", "L<tab>line" and
  /// "F<tab>field<tab>row<tab> value" lines, in which \x01 stands for the person's name, \x02 for
  /// their number and \x03 for the employer.
  Corpus(const std::filesystem::path& templates, std::uint64_t seed);

  IndexedPage page(PageNumber number) const;
  static std::string text_of(const IndexedPage& page);

  /// A question that some page of the first `pages` answers.
  struct Question {
    std::string kind;
    SearchRequest request;
    /// What engines that know words alone are asked: to stand on the page as it is. Empty: nothing.
    std::string plain;
  };
  /// The kinds follow one another.
  Question question(std::size_t number, PageNumber pages) const;
  static constexpr std::size_t kKinds = 16;

 private:
  struct Template {
    std::string doc_type;
    std::vector<std::string> lines;
    std::vector<FieldRecord> fields;
  };
  struct Dossier {
    std::string name;
    std::string id;
    std::string employer;
  };
  using Random = std::mt19937_64;

  Random random_for(PageNumber number, std::uint64_t salt) const;
  Dossier dossier_of(PageNumber number) const;
  static std::string filled(const std::string& text, const Dossier& dossier, Random& random);
  std::string line_of(const IndexedPage& page, Random& random) const;

  std::vector<Template> templates_;
  std::uint64_t seed_;
};

}  // namespace archive

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "ingest/decoder/packet.h"
#include "ingest/decoder/protocol.h"

namespace archive {
namespace {

Request page_request() {
  Request request;
  request.verb = Verb::page;
  request.pages_max = 10;
  request.pixels_max = 1000;
  return request;
}

Answer page_answer() {
  Answer answer;
  answer.outcome = Outcome::page;
  answer.width = 10;
  answer.height = 100;
  answer.channels = 3;
  answer.bits_per_pixel = 24;
  answer.dpi_x = 300;
  return answer;
}

TEST(Answers, HonestOnesAreBelieved) {
  EXPECT_TRUE(is_plausible(page_answer(), page_request()));
  EXPECT_EQ(pixel_bytes(page_answer()), 3000u);
  Answer fault;
  fault.reason = static_cast<std::uint32_t>(FaultReason::unexpected);
  EXPECT_TRUE(is_plausible(fault, page_request()));
  EXPECT_EQ(pixel_bytes(fault), 0u);
}

struct Lie {
  const char* name;
  std::function<void(Answer&)> tell;
};
class LieTest : public testing::TestWithParam<Lie> {};

TEST_P(LieTest, IsNotBelieved) {
  Answer answer = page_answer();
  GetParam().tell(answer);
  EXPECT_FALSE(is_plausible(answer, page_request()));
}

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinite = std::numeric_limits<double>::infinity();
INSTANTIATE_TEST_SUITE_P(
    Each, LieTest,
    testing::Values(Lie{"magic", [](Answer& a) { a.magic = kRequestMagic; }},
                    Lie{"outcome", [](Answer& a) { a.outcome = static_cast<Outcome>(17); }},
                    Lie{"other_verb",
                        [](Answer& a) {
                          a.outcome = Outcome::summary;
                          a.pages = 1;
                        }},
                    Lie{"no_width", [](Answer& a) { a.width = 0; }},
                    Lie{"negative_height", [](Answer& a) { a.height = -1; }},
                    Lie{"one_pixel_too_many", [](Answer& a) { a.height = 101; }},
                    Lie{"overflow", [](Answer& a) { a.width = a.height = 0x7fffffff; }},
                    Lie{"two_channels", [](Answer& a) { a.channels = 2; }},
                    Lie{"odd_bits", [](Answer& a) { a.bits_per_pixel = 7; }},
                    Lie{"negative_dpi", [](Answer& a) { a.dpi_x = -1; }},
                    Lie{"dpi_no_number", [](Answer& a) { a.dpi_y = kNan; }},
                    Lie{"dpi_without_end", [](Answer& a) { a.dpi_y = kInfinite; }},
                    Lie{"texts", [](Answer& a) { a.text_bytes = kTextBytesMax + 1; }},
                    Lie{"reason",
                        [](Answer& a) {
                          a.outcome = Outcome::fault;
                          a.reason = 1000;
                        }}),
    [](const auto& row) { return row.param.name; });

TEST(Answers, ASummaryHasAFewPages) {
  Request request = page_request();
  request.verb = Verb::summary;
  Answer answer;
  answer.outcome = Outcome::summary;
  for (const auto& [pages, honest] : {std::pair{0, false}, {1, true}, {10, true}, {11, false}}) {
    answer.pages = pages;
    EXPECT_EQ(is_plausible(answer, request), honest) << pages;
  }
}

const std::vector<std::string> kWarnings = {"tag 34016", "", "第二条"};
const std::vector<LayerWord> kWords = {{"退休", Quad::of(Box{1, 2, 3, 4})}, {"", Quad{}}};

TEST(Texts, ComeBackAsTheyWent) {
  const auto back = unpack_texts(pack_texts(kWarnings, kWords));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->warnings, kWarnings);
  ASSERT_EQ(back->words.size(), 2u);
  EXPECT_EQ(back->words[0].text, "退休");
  EXPECT_EQ(back->words[0].quad, kWords[0].quad);
}

TEST(Texts, CutAnywhereAreNothing) {
  const std::string whole = pack_texts(kWarnings, kWords);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(unpack_texts(std::string_view(whole).substr(0, size))) << size;
  }
  EXPECT_FALSE(unpack_texts(whole + "x"));
}

TEST(Texts, LengthsThatLieAndBytesThatAreNoTextAreNothing) {
  EXPECT_FALSE(unpack_texts(std::string(8, '\xff')));
  EXPECT_FALSE(unpack_texts(pack_texts({"\xff\xfe"}, {})));
  Quad nowhere = Quad::of(Box{1, 2, 3, 4});
  nowhere.corners[2].y = kNan;
  EXPECT_FALSE(unpack_texts(pack_texts({}, {{"word", nowhere}})));
}

TEST(Texts, WordsThatDoNotFitAreLeftOut) {
  const std::vector<LayerWord> many(90'000, {std::string(100, 'x'), Quad{}});
  const std::string packed = pack_texts({"kept"}, many);
  EXPECT_LE(packed.size(), kTextBytesMax);
  const auto back = unpack_texts(packed);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->warnings, std::vector<std::string>{"kept"});
  EXPECT_GT(back->words.size(), 1000u);
  EXPECT_LT(back->words.size(), many.size());
}

struct PacketTest : testing::Test {
  PacketTest() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()), 0);
    ours = Descriptor(ends[0]);
    theirs = Descriptor(ends[1]);
  }
  Descriptor ours, theirs;
  std::vector<Descriptor> gifts;
};

TEST_F(PacketTest, BringsAnOpenFileAlong) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const Descriptor out(pipe[0]);
  const Descriptor in(pipe[1]);
  Request sent = page_request();
  sent.page = 7;
  ASSERT_TRUE(send_message(ours.get(), sent, {in.get()}));
  Request got;
  ASSERT_TRUE(receive_message(theirs.get(), got, gifts));
  EXPECT_EQ(got.page, 7);
  ASSERT_EQ(gifts.size(), 1u);
  ASSERT_EQ(::write(gifts[0].get(), "x", 1), 1);
  char byte = 0;
  EXPECT_EQ(::read(out.get(), &byte, 1), 1);
  EXPECT_EQ(byte, 'x');
}

TEST_F(PacketTest, OfAnotherSizeIsNoMessage) {
  Request got;
  ASSERT_TRUE(send_packet(ours.get(), "short", 5));
  EXPECT_FALSE(receive_message(theirs.get(), got, gifts));
  const std::string longer(sizeof got + 1, 'x');
  ASSERT_TRUE(send_packet(ours.get(), longer.data(), longer.size()));
  EXPECT_FALSE(receive_message(theirs.get(), got, gifts));
}

TEST_F(PacketTest, NobodyIsThere) {
  theirs.reset();
  Request got;
  EXPECT_FALSE(send_message(ours.get(), page_request()));
  EXPECT_FALSE(receive_message(ours.get(), got, gifts));
}

TEST(SourceKinds, AreToldByTheFirstBytes) {
  using namespace std::string_view_literals;
  const std::vector<std::pair<std::string_view, SourceKind>> table = {
      {"II*\0"sv, SourceKind::tiff},
      {"MM\0+\0\10\0\0"sv, SourceKind::tiff},
      {"%PDF-1.4"sv, SourceKind::pdf},
      {"\n\n junk before %PDF-1.4"sv, SourceKind::pdf},
      {"\xFF\xD8\xFF\xE0"sv, SourceKind::jpeg},
      {"\x89PNG\r\n\x1A\n"sv, SourceKind::png},
      {"\x89PNG\n\x1A\n"sv, SourceKind::other},
      {"BM\0\0\0\0\0\0\0\0\0\0\0\0\x28\0\0\0"sv, SourceKind::bmp},
      {"BMW is a make of cars, no picture"sv, SourceKind::other},
      {"\0\0\0\x0CjP  \r\n\x87\n"sv, SourceKind::jpeg2000},
      {"\xFF\x4F\xFF\x51"sv, SourceKind::jpeg2000},
      {""sv, SourceKind::other},
      {"GIF89a"sv, SourceKind::other},
  };
  for (const auto& [bytes, kind] : table) EXPECT_EQ(kind_of(bytes), kind) << bytes;
  EXPECT_EQ(kind_of(std::string(2000, ' ') + "%PDF-1.4"), SourceKind::other);
}

TEST(Carriers, AreToldByTheFirstBytesThenByTheName) {
  using namespace std::string_view_literals;
  EXPECT_EQ(carrier_of("RIFF....WAVEfmt "sv, "call.jpg"), Carrier::audio);
  EXPECT_EQ(carrier_of("\0\0\0\x18"
                       "ftypisom"sv,
                       "x"),
            Carrier::video);
  EXPECT_EQ(carrier_of("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, "x"), Carrier::document);
  EXPECT_EQ(carrier_of("GIF89a"sv, "x"), Carrier::image);
  EXPECT_EQ(carrier_of("whatever"sv, "notes.TXT"), Carrier::document);
  EXPECT_EQ(carrier_of("whatever"sv, "notes.xyz"), Carrier::other);
  EXPECT_EQ(carrier_of("II*\0"sv, "call.mp3"), Carrier::image);
}

}  // namespace
}  // namespace archive

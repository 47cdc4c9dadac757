#include "store/records/second_factor.h"

#include <gtest/gtest.h>

#include <string>

#include "core/error.h"
#include "store/archive_folder.h"
#include "tests/store/people.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

using namespace std::chrono_literals;

// RFC 6238, appendix B, the last six of its eight digits.
TEST(Totp, GivesTheCodesOfTheStandard) {
  const std::string secret = "12345678901234567890";
  const auto code_at = [&](std::int64_t seconds) {
    return totp_code(secret, totp_step(TimePoint(std::chrono::seconds(seconds))));
  };
  EXPECT_EQ(code_at(59), "287082");
  EXPECT_EQ(code_at(1111111109), "081804");
  EXPECT_EQ(code_at(1111111111), "050471");
  EXPECT_EQ(code_at(1234567890), "005924");
  EXPECT_EQ(code_at(2000000000), "279037");
  EXPECT_EQ(code_at(20000000000), "353130");
}

TEST(Totp, TakesTheCodesBesideNowAndNoOther) {
  const TimePoint now(1234567890s);
  const std::int64_t step = totp_step(now);
  for (const std::int64_t beside : {-1, 0, 1}) {
    EXPECT_EQ(totp_fits("secret", totp_code("secret", step + beside), now), step + beside);
  }
  EXPECT_FALSE(totp_fits("secret", totp_code("secret", step + 2), now));
  EXPECT_FALSE(totp_fits("secret", totp_code("secret", step - 2), now));
  EXPECT_FALSE(totp_fits("secret", "", now));
}

// RFC 4648, section 10, without the padding.
TEST(Base32, IsThatOfTheStandard) {
  EXPECT_EQ(base32(""), "");
  EXPECT_EQ(base32("f"), "MY");
  EXPECT_EQ(base32("fo"), "MZXQ");
  EXPECT_EQ(base32("foo"), "MZXW6");
  EXPECT_EQ(base32("foob"), "MZXW6YQ");
  EXPECT_EQ(base32("foobar"), "MZXW6YTBOI");
}

class SecondFactorsTest : public testing::Test {
 protected:
  SecondFactorsTest() : archive(ArchiveFolder::create(top / "archive", "")) {
    Records records = as_root();
    UserRecord li;
    li.name = "li";
    li.account = "li";
    li.posts = {"counter_clerk"};
    records.put_user(li, kPassword, posts());
  }
  Records as_root() const {
    Records::Writing writing;
    writing.claim = claim("root");
    return Records::open_writer(archive.path(), writing);
  }
  Records as_li() const {
    Records::Writing writing;
    writing.claim = claim("li");
    return Records::open_writer(archive.path(), writing);
  }

  TemporaryFolder top;
  ArchiveFolder archive;
};

TEST_F(SecondFactorsTest, IsOpenedByThePasswordAlone) {
  const std::string secret = SecondFactors::new_secret();
  Records records = as_li();
  SecondFactors factors(records);
  EXPECT_FALSE(factors.has("li"));
  factors.put(kPassword, secret, 7);
  EXPECT_TRUE(factors.has("li"));
  EXPECT_EQ(factors.secret_of("li", kPassword), secret);
  EXPECT_FALSE(factors.secret_of("li", "another password"));
  EXPECT_FALSE(factors.has("root"));
  factors.remove();
  EXPECT_FALSE(factors.has("li"));
}

TEST_F(SecondFactorsTest, NoCodeCountsTwiceWhoeverAsksAndWhatWasRestarted) {
  {
    Records records = as_li();
    SecondFactors(records).put(kPassword, SecondFactors::new_secret(), 7);
  }
  const auto used = [this](std::int64_t step) {
    Records records = Records::open_beside(archive.path(), {});
    return SecondFactors(records).use("li", step);
  };
  EXPECT_FALSE(used(7)) << "it was shown when the factor was set";
  EXPECT_TRUE(used(9));
  EXPECT_FALSE(used(9));
  EXPECT_FALSE(used(8)) << "one before it";
  EXPECT_TRUE(used(10));
  Records records = Records::open_beside(archive.path(), {});
  EXPECT_FALSE(SecondFactors(records).use("root", 11)) << "who has no factor";
}

TEST_F(SecondFactorsTest, ANewPasswordTakesItAway) {
  {
    Records records = as_li();
    SecondFactors(records).put(kPassword, SecondFactors::new_secret(), 7);
  }
  Records records = as_root();
  records.set_password("li", "quite another password");
  EXPECT_FALSE(SecondFactors(records).has("li"));
}

}  // namespace
}  // namespace archive

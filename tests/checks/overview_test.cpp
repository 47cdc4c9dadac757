#include "checks/overview.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/checks/fixtures.h"

namespace archive {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<PageNumber> pages_in(const std::vector<ContentPages>& groups, const std::string& id) {
  for (const ContentPages& group : groups) {
    if (group.id == id) return group.pages;
  }
  throw std::runtime_error("no group " + id);
}

// R34: the five contents of a rights record are told from the dossier, with their pages.
TEST(Overview, R34_ADossierYieldsAllFiveContentsOfARightsRecord) {
  DossierFacts dossier = dossier_of({"DT01", "DT04 person_name=张三", "DT09 voucher_no=12345678",
                                     "DT19 person_name=张三", "DT11 year=2020", "DT46", "DT99"});
  const DossierOverview overview = overview_of(dossier, fixture_tables());
  EXPECT_THAT(pages_in(overview.records, "registration"), ElementsAre(2));
  EXPECT_THAT(pages_in(overview.records, "payment"), ElementsAre(3));
  EXPECT_THAT(pages_in(overview.records, "eligibility"), ElementsAre(4));
  EXPECT_THAT(pages_in(overview.records, "account"), ElementsAre(5));
  EXPECT_THAT(pages_in(overview.records, "other"), ElementsAre(6));
  dossier.pages[1].set_aside = true;
  EXPECT_THAT(pages_in(overview_of(dossier, fixture_tables()).records, "registration"), IsEmpty());
}

TEST(Overview, R6_PagesAreToldByTheScopeOfTheirClass) {
  const DossierOverview overview =
      overview_of(dossier_of({"DT03", "DT04", "DT16", "DT31", "DT44", "DT37"}), fixture_tables());
  EXPECT_THAT(pages_in(overview.scopes, "insured"), ElementsAre(2));
  EXPECT_THAT(pages_in(overview.scopes, "payment"), ElementsAre(3));
  EXPECT_THAT(pages_in(overview.scopes, "benefit"), ElementsAre(4));
  EXPECT_THAT(pages_in(overview.scopes, "business"), ElementsAre(5));
  EXPECT_THAT(pages_in(overview.scopes, "statistics"), IsEmpty());
}

struct Channel {
  const char* printed;
  const char* means;
};

// R57: vouchers of each kind map to a channel, anything else to "other".
TEST(Overview, R57_EveryWayOfPayingIsKnownOrOther) {
  for (const Channel& one :
       {Channel{"中国工商银行代扣", "银行"}, Channel{"银行转账", "银行"},
        Channel{"支付宝", "支付宝/微信"}, Channel{"微信支付", "支付宝/微信"},
        Channel{"国家税务总局示例市税务局代征", "税务部门"},
        Channel{"社保经办机构窗口", "社保经办机构"}, Channel{"柜台缴纳", "社保经办机构"},
        Channel{"实物抵缴", "其他"}, Channel{"", "其他"}}) {
    EXPECT_EQ(pay_channel_of(one.printed, fixture_tables()), one.means) << one.printed;
  }
}

}  // namespace
}  // namespace archive

"""Fictional values for the fields of a page, as printed and as they are to be found.

Counties of citizen numbers (439702, 519802) are not assigned, phone numbers begin with the unused
154 and bank cards with 6299: none can be a real person's.
"""

import calendar
from dataclasses import dataclass

SURNAMES = list("王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余")
GIVEN = list("建国志强秀英桂兰丽华玉梅海燕文斌晓东春生永福凤霞立新德明红军淑珍宏伟佳怡子轩雪松振东")
PLACES = ["云川市", "临江市", "青浦县", "宁远市", "安和区", "东岭县", "长泽市"]
TRADES = ["机械制造", "纺织", "建筑工程", "商贸", "物业服务", "食品", "电子科技", "水泥", "运输"]
FORMS_OF_UNITS = ["有限公司", "有限责任公司", "股份有限公司", "厂"]
STREETS = ["人民路", "建设街", "解放大道", "新华路", "光明巷", "滨河路"]
BANKS = ["中国工商银行", "中国农业银行", "中国建设银行", "云川农村商业银行", "中国银行"]
CHOICES = {
    "unit_kind": ["企业", "机关", "事业", "社团", "民办非企业", "个体工商户"],
    "change_item": ["转入", "转出", "封存", "启封", "增员", "减员"],
    "person_status": ["在职", "离职", "退休"],
    "insurance_kind": ["养老", "医疗", "失业", "工伤", "生育"],
    "pay_channel": ["银行", "税务", "经办机构"],
    "transfer_kind": ["省内转移", "跨省转移"],
    "transfer_dir": ["转入", "转出"],
    "agent_relation": ["配偶", "父子", "同事", "母女"],
    "verify_result": ["通过", "不通过"],
    "care_grade": ["完全", "大部分", "部分", "无"],
    "special_kind": ["井下采煤工", "高温熔炼工", "高空作业", "有毒有害作业"],
    "evidence": ["招工登记表", "工资调整表", "介绍信", "入伍通知书"],
    "accident_cause": ["搬运钢管时脚下打滑摔倒，右手被砸伤", "操作冲床时左手食指被挤压受伤",
                       "骑车下班途中与货车相撞，右腿受伤", "检修设备时从梯子上跌落，腰部受伤"],
    "injury_degree": ["右手第三掌骨骨折", "左手食指末节离断", "腰椎压缩性骨折", "右胫骨骨折"],
    "diagnosis": ["慢性胃炎", "腰椎间盘突出", "右手第三掌骨骨折", "二型糖尿病", "急性支气管炎"],
    "end_reason": ["合同期满", "双方协商一致", "单位裁员", "个人辞职"],
    "old_value": ["王建军", "13000元", "临江路8号", "合同制工人"],
    "new_value": ["王建君", "14500元", "滨河路21号", "灵活就业"],
    "history_row": ["红星小学学生", "临江县第二中学学生", "云川纺织厂挡车工", "云川纺织厂班长",
                    "青浦县运输公司驾驶员"],
    "relatives": ["李秀英 配偶 1200.00", "王子轩 子女 900.00", "张桂兰 母亲 900.00"],
}
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CAPITALS = "零壹贰叁肆伍陆柒捌玖"


@dataclass
class Value:
    """What stands on the paper, and what a program is to make of it."""
    printed: str
    wanted: str


def citizen_number(rng, year, month, day, male):
    body = rng.choice(["439702", "519802", "439726"]) + f"{year:04}{month:02}{day:02}"
    body += f"{rng.randrange(1, 90):02}{rng.randrange(5) * 2 + male}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS)) % 11]


def credit_code(rng):
    body = "91439702MA" + "".join(rng.choice(CREDIT_SIGNS) for _ in range(7))
    total = sum(CREDIT_SIGNS.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + CREDIT_SIGNS[(31 - total % 31) % 31]


def card_number(rng, length=19):
    digits = [6, 2, 9, 9] + [rng.randrange(10) for _ in range(length - 5)]
    doubled = [d if i % 2 else d * 2 - 9 * (d > 4) for i, d in enumerate(reversed(digits))]
    return "".join(map(str, digits)) + str(-sum(doubled) % 10)


def in_capitals(cents):
    """12345.60 -> 壹万贰仟叁佰肆拾伍元陆角整"""
    yuan, rest = divmod(cents, 100)
    text, gap = "", False
    for place, digit in enumerate(reversed(str(yuan))):
        unit = ["", "拾", "佰", "仟"][place % 4]
        if place == 4 and yuan % 10**8 >= 10**4:
            text = "万" + text
        if digit != "0":
            text = CAPITALS[int(digit)] + unit + ("零" if gap else "") + text
            gap = False
        elif text and not text.startswith("万"):
            gap = True
    text += "元"
    if rest == 0:
        return text + "整"
    jiao, fen = divmod(rest, 10)
    text += CAPITALS[jiao] + "角" if jiao else "零"
    return text + (CAPITALS[fen] + "分" if fen else "整")


class Person:
    """Someone the page is about: what is said of them agrees."""

    def __init__(self, rng):
        self.male = rng.random() < 0.5
        self.born = rng.randrange(1955, 1992), rng.randrange(1, 13), rng.randrange(1, 29)
        self.name = rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice([1, 2, 2])))
        self.number = citizen_number(rng, *self.born, self.male)


class Values:
    """Draws values; on one page dates and amounts are written in one way."""

    def __init__(self, rng):
        self.rng = rng
        self.person = Person(rng)
        self.date_form = rng.choice(["{}年{}月{}日", "{}-{:02}-{:02}", "{}.{:02}.{:02}",
                                     "{}年{:02}月{:02}日"])
        self.month_form = rng.choice(["{}年{}月", "{}-{:02}", "{}.{:02}"])
        self.grouped = rng.random() < 0.4
        self.place = rng.choice(PLACES)
        self.cents = rng.randrange(500, 90_000) * 100 + rng.choice([0, 0, 50, 36])

    def of(self, field, kind):
        """A value of a field, by its name where that says more than its kind."""
        own = getattr(self, "_" + field, None)
        if own:
            return own()
        if field in CHOICES:
            return self._plain(self.rng.choice(CHOICES[field]))
        return getattr(self, "_of_" + kind)()

    @staticmethod
    def _plain(text):
        return Value(text, text)

    def _person_name(self):
        return self._plain(self.person.name)

    def _id_number(self):
        return self._plain(self.person.number)

    def _sex(self):
        return self._plain("男" if self.person.male else "女")

    def _birth_date(self):
        return self._date(*self.person.born)

    def _work_start(self):
        return self._date(self.person.born[0] + self.rng.randrange(17, 24), *self._day(2000))

    def _date(self, year, month, day):
        return Value(self.date_form.format(year, month, day), f"{year:04}-{month:02}-{day:02}")

    def _day(self, year):
        month = self.rng.randrange(1, 13)
        return month, self.rng.randrange(1, calendar.monthrange(year, month)[1] + 1)

    def _of_date(self):
        year = self.rng.randrange(2003, 2024)
        return self._date(year, *self._day(year))

    def _of_yearmonth(self):
        year, month = self.rng.randrange(1998, 2024), self.rng.randrange(1, 13)
        return Value(self.month_form.format(year, month), f"{year:04}-{month:02}")

    def _of_money(self):
        cents = self.rng.randrange(50_000, 9_000_000)
        return Value(f"{cents / 100:,.2f}" if self.grouped else f"{cents / 100:.2f}",
                     f"{cents / 100:.2f}")

    def _of_int(self):
        return self._plain(str(self.rng.randrange(3, 360)))

    def _disability_grade(self):
        return self._plain(str(self.rng.randrange(1, 11)))

    def _of_rate(self):
        return self._plain(self.rng.choice(["16%", "8%", "20%", "2%", "0.5%", "9.5%"]))

    def _of_phone(self):
        return self._plain("154" + f"{self.rng.randrange(10**8):08}")

    def _of_bankcard(self):
        number = card_number(self.rng)
        grouped = self.rng.random() < 0.3
        printed = " ".join(number[i:i + 4] for i in range(0, 19, 4)) if grouped else number
        return Value(printed, number)

    def _of_uscc(self):
        return self._plain(credit_code(self.rng))

    def _of_id18(self):
        return self._plain(Person(self.rng).number)

    def _of_name(self):
        return self._plain(Person(self.rng).name)

    def _of_region6(self):
        return self._plain(self.rng.choice(["439702", "519802"]))

    def _of_address(self):
        return self._plain(f"{self.place}{self.rng.choice(STREETS)}{self.rng.randrange(1, 300)}号"
                           f"{self.rng.randrange(1, 20)}栋{self.rng.randrange(101, 1800)}室")

    def _accident_place(self):
        return self._plain(f"{self.place}{self.rng.choice(STREETS)}公司二号车间")

    def _unit_name(self):
        return self._plain(self.place + self.rng.choice(["华峰", "永兴", "金泰", "恒达", "新星"])
                           + self.rng.choice(TRADES) + self.rng.choice(FORMS_OF_UNITS))

    _work_unit = _unit_name

    def _unit_no(self):
        return self._plain(f"{self.rng.randrange(10**7, 10**8)}")

    def _person_no(self):
        return self._plain(f"{self.rng.randrange(10**9, 10**10)}")

    def _postcode(self):
        return self._plain(f"{self.rng.randrange(100000, 999999)}")

    def _doc_number(self):
        return self._plain(f"{self.place[0]}人社{self.rng.choice(['工认', '鉴', '稽', '函'])}"
                           f"〔{self.rng.randrange(2008, 2024)}〕{self.rng.randrange(1, 999)}号")

    _decision_no = _doc_number

    def _voucher_no(self):
        return self._plain(f"No{self.rng.randrange(10**7, 10**8)}")

    def _receipt_no(self):
        return self._plain(f"{self.rng.randrange(10**9, 10**10)}")

    def _check_code(self):
        return self._plain("".join(self.rng.choice("ABCDEFGHJKMNPQRSTUVWXY23456789")
                                   for _ in range(12)))

    def _list_no(self):
        return self._plain(f"YJ{self.rng.randrange(2008, 2024)}{self.rng.randrange(1, 9999):04}")

    def _card_no(self):
        return self._plain(f"{self.place[0]}{self.rng.randrange(10**7, 10**8)}"
                           if self.rng.random() < 0.5 else f"B{self.rng.randrange(10**8, 10**9)}")

    def _bank_name(self):
        return self._plain(self.rng.choice(BANKS) + f"{self.place}{self.rng.choice('东西南北')}支行")

    def _old_agency(self):
        return self._plain(f"{self.place}社会保险事业管理局")

    def _remark(self):
        return self._plain(self.rng.choice(["材料齐全", "原件已退", "情况属实"]))

    def _amount_num(self):
        return self._plain(f"{self.cents / 100:.2f}")

    def _amount_words(self):
        return self._plain(in_capitals(self.cents))

    def _of_text(self):
        return self._plain(self.rng.choice(["见附件", "属实", "按规定办理"]))

    _of_enum = _of_table = _of_text

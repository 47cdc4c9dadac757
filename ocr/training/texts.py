"""Texts of lines as they stand on social-insurance papers; everything in them is invented."""
import pathlib
import re
import string
import tomllib
import unicodedata

HANZI = re.compile('[\u4e00-\u9fff]')
SURNAMES = ('王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡'
            '余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯'
            '龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤欧阳上官司马诸葛慕容尉迟')
GIVEN = ('伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰文华玉建国红梅志春海燕云飞宇浩然子轩'
         '涵梓欣怡诗琪佳嘉俊熙泽晨曦雨桐思远岫昀喆玥镒旻翀赟瑾瑜璟珺琛珩璇骞翊祎懿烨煜炜焱鑫淼'
         '犇垚奕弈昊旸昕晟暄暻皓沅沁泓洺淇渊湉滢潇澍濛瀚铭锴镕钰钧铄霖霏霁')
PLACES = '省市区县镇乡村街路巷弄号楼室单元组社旗州盟庄屯湾桥山河沟岭坪坝港'
TRADES = ('机械 纺织 电子 建筑 商贸 物流 食品 化工 服装 物业 劳务 科技 信息 汽车 仪表 医药 饲料 '
          '印刷 餐饮 环保 五金 陶瓷 家具 水泥 矿业 农机 种业 木业 运输 保洁').split()
FIRMS = '有限公司 有限责任公司 股份有限公司 集团公司 厂 商行 服务部 合作社 中心 分公司'.split()
OFFICES = ('社会保险事业管理局 社会保险基金管理中心 人力资源和社会保障局 医疗保险中心 税务局 '
           '派出所 公安局 街道办事处 村民委员会 居民委员会 人民医院 民政局 档案馆 '
           '就业服务局').split()
LINKS = ('的 和 应 并 在 为 由 与 及 或 按 经 自 至 不 可 将 对 以 于 因 其 该 本 已 未 起 后 前 '
         '内 等').split()
VERBS = ('办理 提供 申请 核定 支付 缴纳 转移 审核 登记 享受 停止 补缴 领取 签订 解除 终止 确认 '
         '变更 出具 签收 填写 退休 停保 参保 续保 清算 计发 调整 备案 归档').split()
CAPITALS = '零壹贰叁肆伍陆柒捌玖'
CREDIT = '0123456789ABCDEFGHJKLMNPQRTUWXY'

# Ticked or not is told by what is in the box, not by the reader.
BOXES = str.maketrans('☐☑☒', '□□□')


def fold(text, alphabet):
    """The text in characters of the alphabet; None where one has no place in it."""
    folded = ''
    for c in text.translate(BOXES):
        if c.isspace():
            c = ' '
        if c not in alphabet:
            c = unicodedata.normalize('NFKC', c)
        if any(d not in alphabet for d in c):
            return None
        folded += c
    # Gaps between Chinese characters are layout; between Latin words they are spelling.
    return re.sub(r'(?<![!-~]) +| +(?![!-~])', '', folded.strip())


def words_of_forms(config):
    """Labels, titles, choices and document names of the form descriptions and tables."""
    found = set()

    def walk(node):
        if isinstance(node, dict):
            for key, value in node.items():
                if key not in ('pattern', 'regex', 'name_en'):
                    walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)
        elif isinstance(node, str) and HANZI.search(node) and not re.search(r'[\\^$|*+?]', node):
            found.add(node)

    for file in sorted(pathlib.Path(config).glob('forms/*.toml')):
        walk(tomllib.loads(file.read_text(encoding='utf8')))
    for file in sorted(pathlib.Path(config).glob('domain/*.csv')):
        for line in file.read_text(encoding='utf8').splitlines():
            if not line.startswith('#'):
                found.update(w for w in re.split(r'[|,;"]', line)
                             if HANZI.search(w) and not re.search(r'[\\^$*+?]', w))
    return sorted(w.strip() for w in found if 0 < len(w.strip()) <= 40)


class Texts:
    """Draws texts with a random.Random."""

    def __init__(self, rng, alphabet, words):
        self.r = rng
        self.alphabet = set(alphabet)
        self.hanzi = [c for c in alphabet if HANZI.fullmatch(c)]
        self.words = [w for w in (fold(w, self.alphabet) for w in words) if w]
        self.labels = [w for w in self.words if 1 < len(w) <= 12]
        # Even draws alone would unlearn what usual words look like.
        self.usual = [c for w in self.words for c in w if HANZI.fullmatch(c)]
        self.kinds = [
            (self.label, 16), (self.pair, 9), (self.title, 3), (self.name, 6), (self.address, 7),
            (self.firm, 6), (self.money, 9), (self.capitals, 3), (self.date, 8), (self.id, 6),
            (self.code, 6), (self.percent, 3), (self.short, 8), (self.sentence, 15),
            (self.rare, 4), (self.row, 3), (self.latin, 2), (self.options, 3),
            (self.form_code, 4), (self.formula, 3)]

    def draw(self):
        kinds, weights = zip(*self.kinds)
        while True:
            text = fold(self.r.choices(kinds, weights)[0](), self.alphabet)
            if text:
                return text

    def character(self):
        return self.r.choice(self.usual if self.r.random() < .75 else self.hanzi)

    def any_hanzi(self):
        """Every character of the alphabet as often as any other: without them the network forgets
        those that forms and names do not have."""
        return ''.join(self.r.choice(self.hanzi) for _ in range(self.r.randint(3, 12)))

    def run(self, least, most):
        return ''.join(self.character() for _ in range(self.r.randint(least, most)))

    def digits(self, n):
        return ''.join(self.r.choice(string.digits) for _ in range(n))

    def label(self):
        text = self.r.choice(self.labels)
        if self.r.random() < .1:
            number = self.r.choice('一二三四五六七八九十123456789')
            text = self.r.choice(['', '(', '（']) + number + self.r.choice('、.）') + text
        if self.r.random() < .08:
            text += self.r.choice(
                ['（元）', '（%）', '（盖章）', '（签章）', '（月）', '(元)', '（人）'])
        return text + (self.r.choice('：：：::') if self.r.random() < .55 else '')

    def pair(self):
        value = self.r.choice([self.name, self.date, self.money, self.code, self.short, self.id,
                               self.place, self.firm])()
        return self.r.choice(self.labels)[:8] + self.r.choice('：：:') + value

    def title(self):
        return self.r.choice([w for w in self.words if len(w) > 5])

    def name(self):
        surname = self.r.choice(SURNAMES) if self.r.random() < .8 else self.character()
        pool = GIVEN if self.r.random() < .5 else self.hanzi
        given = ''.join(self.r.choice(pool) for _ in range(self.r.choice([1, 2, 2, 2])))
        if self.r.random() < .03:
            return self.run(2, 4) + '·' + self.run(2, 4)
        return surname + given

    def place(self):
        return ''.join(self.run(1, 2) + self.r.choice(PLACES)
                       for _ in range(self.r.randint(1, 3)))

    def address(self):
        tail = self.r.choice(['', f'{self.r.randint(1, 999)}号',
                              f'{self.r.randint(1, 40)}号楼{self.r.randint(1, 6)}单元'
                              f'{self.r.randint(101, 2602)}室',
                              f'{self.r.randint(1, 30)}-{self.r.randint(1, 9)}-'
                              f'{self.r.randint(101, 999)}'])
        return self.place() + tail

    def firm(self):
        if self.r.random() < .3:
            return self.place()[:8] + self.r.choice(OFFICES)
        return self.run(2, 4) + self.r.choice(TRADES) + self.r.choice(FIRMS)

    def amount(self):
        value = 10 ** self.r.uniform(0, 7)
        form = self.r.choice(['{:,.2f}', '{:,.2f}', '{:.2f}', '{:.2f}', '{:,.0f}', '{:.1f}'])
        return form.format(value)

    def money(self):
        text = self.amount()
        t = self.r.random()
        if t < .12:
            return self.r.choice('￥¥') + text
        if t < .25:
            return text + '元'
        if t < .3:
            return '人民币' + text + '元'
        if t < .33:
            return '-' + text
        return text

    def capitals(self):
        units = ['', '拾', '佰', '仟', '万', '拾', '佰', '仟'][:self.r.randint(2, 7)]
        text = ''.join(self.r.choice(CAPITALS) + u for u in reversed(units)) + '元'
        tail = self.r.choice(['整', '正', f'{self.r.choice(CAPITALS)}角',
                              f'{self.r.choice(CAPITALS)}角{self.r.choice(CAPITALS)}分'])
        return self.r.choice(['', '', '人民币', '大写：', '（大写）']) + text + tail

    def date(self):
        y, m, d = self.r.randint(1938, 2026), self.r.randint(1, 12), self.r.randint(1, 31)
        forms = ['{y}年{m}月{d}日', '{y}年{m}月{d}日', '{y}年{m:02}月{d:02}日', '{y}-{m:02}-{d:02}',
                 '{y}.{m}.{d}', '{y}.{m:02}.{d:02}', '{y}/{m}/{d}', '{y}{m:02}', '{y}年{m}月',
                 '{y}-{m:02}', '{y}.{m:02}', '{y}{m:02}{d:02}', '{m}月{d}日', '{y}年', '{y}年度',
                 '年月日']
        text = self.r.choice(forms).format(y=y, m=m, d=d)
        if self.r.random() < .12:
            text += self.r.choice('至-—~') + self.r.choice(forms[:-4]).format(y=y + 1, m=m, d=d)
        elif self.r.random() < .05:
            hanzi = str.maketrans('0123456789', '〇一二三四五六七八九')
            text = str(y).translate(hanzi) + '年' + '一二三四五六七八九十'[m % 10] + '月'
        return text

    def id(self):
        body = f'{self.r.randint(11, 65)}{self.digits(4)}{self.r.randint(1938, 2009)}' \
               f'{self.r.randint(1, 12):02}{self.r.randint(1, 28):02}{self.digits(3)}'
        total = sum(int(c) * (2 ** (17 - i) % 11) for i, c in enumerate(body))
        text = body + '10X98765432'[total % 11]
        return text if self.r.random() < .85 else text[:6] + '********' + text[14:]

    def code(self):
        r = self.r
        t = r.randint(0, 8)
        if t == 0:
            return '9' + r.choice('1239') + self.digits(6) + \
                   ''.join(r.choice(CREDIT) for _ in range(10))
        if t == 1:
            return '1' + r.choice('35789') + self.digits(9)
        if t == 2:
            return f'0{self.digits(r.choice([2, 3]))}-{self.digits(r.choice([7, 8]))}'
        if t == 3:
            return f'{self.run(1, 4)}字〔{r.randint(1995, 2026)}〕{r.randint(1, 999)}号'
        if t == 4:
            return f'{self.run(1, 3)}〔{r.randint(1995, 2026)}〕第{r.randint(1, 9999):04}号'
        if t == 5:
            return ''.join(r.choice(string.ascii_uppercase + string.digits)
                           for _ in range(r.randint(4, 14)))
        if t == 6:
            return r.choice(['No', 'No.', 'NO.', '№', 'SB', 'YL', 'GS', 'DA']) + \
                   self.digits(r.randint(4, 10))
        if t == 7:
            return '-'.join(r.choice([self.digits(r.randint(1, 4)),
                                      ''.join(r.choice(string.ascii_uppercase) for _ in range(2))])
                            for _ in range(r.randint(2, 4)))
        return self.digits(r.randint(5, 19))

    def form_code(self):
        """The number of a dossier or of a form: capitals, figures, strokes."""
        r = self.r

        def capitals(least, most):
            return ''.join(r.choice(string.ascii_uppercase) for _ in range(r.randint(least, most)))

        parts = [capitals(1, 4) + self.digits(r.choice([0, 0, 1, 2]))]
        if r.random() < .6:
            parts.append(str(r.randint(1985, 2026)))
        if r.random() < .5:
            parts.append(capitals(1, 2))
        parts.append(self.digits(r.randint(1, 6)))
        text = r.choice('---—/.').join(parts)
        t = r.random()
        if t < .3:
            return r.choice(['档案号', '档号', '编号', '表号', '卷号', '案卷号', '全宗号', '单位编号',
                             '受理号', '登记证号']) + r.choice('：：:') + text
        if t < .4:
            return r.choice(['表', '第', 'No.', 'NO.', '附件']) + text
        return text

    def formula(self):
        """How an amount is found: quantities and numbers with signs between them."""
        r = self.r

        def quantity():
            t = r.random()
            if t < .7:
                return r.choice(self.labels)[:8]
            return str(r.randint(2, 360)) if t < .85 else self.percent()

        def chain(least, most):
            return quantity() + ''.join(r.choice('+-×÷×÷＋－') + quantity()
                                        for _ in range(r.randint(least, most)))

        text = chain(1, 3)
        if r.random() < .5:
            text = r.choice(['({})', '（{}）']).format(text) + r.choice('×÷') + chain(0, 2)
        if r.random() < .7:
            text = r.choice(['', '', '注：', '计算公式：']) + r.choice(self.labels)[:6] + '=' + text
        return text + r.choice(['', '', '。', '；'])

    def cited(self):
        """Laws by their names, words in quotation marks, lists of both."""
        r = self.r
        form = r.choice(['《{}》', '《{}》', '“{}”', '（{}）'])
        parts = [form.format(r.choice(self.labels) + r.choice(['', '法', '办法', '条例', '规定']))
                 for _ in range(r.randint(1, 3))]
        return r.choice(['', '根据', '依照', '按']) + r.choice('、、、和').join(parts) + \
            r.choice(['', '和', '的', '、']) + self.clause() + r.choice(['', '，', '。'])

    def ended(self):
        """Few words and the mark behind them."""
        return self.clause()[-self.r.randint(2, 9):] + self.r.choice('。。。：，；、')

    def signs(self):
        """Signs and marks, which a network forgets first: they are small, and few."""
        return self.r.choice([self.formula, self.formula, self.cited, self.ended])()

    def options(self):
        """Choices with a box before each."""
        r = self.r
        few = r.choice(['是 否', '男 女', '有 无', '同意 不同意', '汉族 其他', '正常 一次性', '在职 退休',
                        '月 季 年', '新增 变更 注销', '城镇 农村', '单位 个人', '']).split()
        few = few or [r.choice(self.labels)[:6] for _ in range(r.randint(1, 3))]
        label = r.choice(self.labels)[:6] + '：' if r.random() < .3 else ''
        if r.random() < .2:
            return label + ''.join(w + '□' for w in few)
        return label + ''.join('□' + w for w in few)

    def percent(self):
        return self.r.choice(['{:.0f}%', '{:.0f}%', '{:.1f}%', '{:.2f}%', '{:.3f}%', '{:.1f}‰',
                              '0.{:.0f}']).format(self.r.uniform(0, 100))

    def short(self):
        r = self.r
        return r.choice([lambda: self.digits(1), lambda: self.digits(r.randint(1, 3)),
                         lambda: self.digits(r.randint(2, 4)), self.character, self.character,
                         lambda: r.choice('男女是否有无汉同元月年日号页共第份件卷张户人注'),
                         lambda: r.choice('汉族 已婚 未婚 在职 退休 同意 合计 小计 备注 序号 正常 '
                                          '初审 复核'.split()),
                         lambda: r.choice(string.ascii_uppercase) + self.digits(r.randint(0, 3)),
                         lambda: str(r.randint(1, 99)) + r.choice('年月岁元人页天'),
                         lambda: f'{r.randint(1, 99)}个月',
                         lambda: f'第{r.randint(1, 99)}{r.choice("页条款号卷件")}',
                         lambda: f'{r.randint(1, 99)}-{r.randint(1, 99)}',
                         lambda: f'{r.randint(1, 99)}/{r.randint(1, 99)}'])()

    def clause(self):
        parts = []
        for _ in range(self.r.randint(1, 3)):
            t = self.r.random()
            if t < .5:
                parts.append(self.r.choice(self.labels)[:8])
            elif t < .7:
                parts.append(self.r.choice(VERBS))
            elif t < .9:
                parts.append(self.run(1, 4))
            else:
                parts.append(self.r.choice([self.date, self.amount, self.short, self.percent])())
            if self.r.random() < .6:
                parts.append(self.r.choice(LINKS))
        return ''.join(parts)

    def sentence(self):
        text = ''
        if self.r.random() < .2:
            text = self.r.choice(['第{}条 ', '{}、', '（{}）', '{}.', '({})']).format(
                self.r.choice('一二三四五六七八九十123456789'))
        goal = self.r.randint(6, 26)
        while len(text) < goal:
            t = self.r.random()
            part = self.clause()
            if t < .08:
                part = self.r.choice(['《{}》', '（{}）', '“{}”', '({})', '【{}】']).format(part)
            text += part + self.r.choices('，。、；：,;', [9, 5, 5, 2, 2, 1, 1])[0]
        start = self.r.randint(0, 4) if self.r.random() < .4 else 0
        text = text[start:start + goal]
        return text + '。' if self.r.random() < .15 and not text.endswith('。') else text

    def rare(self):
        return ''.join(self.r.choice(self.hanzi) for _ in range(self.r.randint(1, 10)))

    def row(self):
        return ' '.join(self.r.choice([self.amount, self.short, self.date, self.percent])()
                        for _ in range(self.r.randint(2, 3)))

    def latin(self):
        letters = string.ascii_letters if self.r.random() < .5 else string.ascii_uppercase
        return ' '.join(''.join(self.r.choice(letters) for _ in range(self.r.randint(2, 8)))
                        for _ in range(self.r.randint(1, 3)))


def characters_of(file):
    """The alphabet of a network: the characters of its classes 1 and up."""
    return pathlib.Path(file).read_text(encoding='utf8').rstrip('\n').split('\n') + [' ']

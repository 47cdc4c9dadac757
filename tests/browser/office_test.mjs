// The office beside the counter: keeping, audit, administration, upload, and what a batch wants of
// a person. Each test leaves the archive with more in it than before, and none needs another's.

import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { accessibilityFaults, chief, eventually, go, lastly, test } from './browser.mjs';

lastly(after);
const as = { as: chief };

const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const row = (page, text) => page.locator('tbody tr', { hasText: text });

/** The browser's word about an answer that was wanted. */
function refused(complaints, status) {
  assert.equal(complaints.length, 1);
  assert.match(complaints.pop(), new RegExp(`status of ${status}`));
}

/** Fills the sheet that is open and sends it; waits until it is gone. */
async function fillSheet(page, values) {
  const sheet = page.locator('dialog[open]');
  await sheet.waitFor();
  for (const [label, value] of Object.entries(values)) {
    const field = sheet.getByLabel(label, { exact: true });
    if ((await field.evaluate((element) => element.tagName)) === 'SELECT') {
      await field.selectOption(value);
    } else {
      await field.fill(value);
    }
  }
  await sheet.locator('.primary').click();
  await sheet.waitFor({ state: 'detached' });
}

test('a loan: lent, extended, taken back; what is lacking is said', as, async (page) => {
  await go(page, '/keeping/loans');
  await page.getByRole('button', { name: '借出' }).click();
  await page.locator('dialog[open] .primary').click();
  assert.ok((await page.locator('dialog[open] .hint.bad').count()) >= 3, 'it says what is lacking');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '借出' }).click();
  await fillSheet(page, {
    卷宗: 'SB2-2017-YL-7802',
    借阅人: '王借阅',
    应还: inDays(7),
    用途: '核对原件',
  });
  const loan = row(page, '王借阅');
  await loan.getByRole('button', { name: '续借' }).click();
  await fillSheet(page, { 应还: inDays(30), 理由: '尚未看完' });
  await eventually(
    () => loan.textContent(),
    (text) => text.includes(inDays(30)) && text.includes('尚未看完'),
  );
  await loan.getByRole('button', { name: '归还' }).click();
  await fillSheet(page, {});
  await loan.waitFor({ state: 'detached' });
});

test('a refusal of the server keeps what was typed', as, async (page, complaints) => {
  await go(page, '/keeping/places');
  await page.getByRole('button', { name: '登记位置', exact: true }).first().click();
  const sheet = page.locator('dialog[open]');
  await sheet.getByLabel('卷宗', { exact: true }).fill('没有这个档号');
  await sheet.getByLabel('库房', { exact: true }).fill('一号库');
  await sheet.locator('.primary').click();
  await sheet.locator('[role=alert]').waitFor();
  refused(complaints, 404);
  assert.equal(await sheet.getByLabel('库房', { exact: true }).inputValue(), '一号库');
  await sheet.getByLabel('卷宗', { exact: true }).fill('SB2-2012-GS-4072');
  await sheet.locator('.primary').click();
  await sheet.waitFor({ state: 'detached' });
});

test('appraisal to disposal list; nobody approves their own', as, async (page) => {
  await go(page, '/keeping/appraisals');
  await page.getByRole('button', { name: '开出到期任务' }).click();
  const first = page.locator('tbody tr').first();
  await first.waitFor();
  const number = (await first.locator('td').first().textContent()).trim();
  await first.getByRole('button', { name: '鉴定意见' }).click();
  await fillSheet(page, { 结论: 'disposal', 理由: '无保存价值' });
  await page.getByLabel('显示已结的').check();
  await page.getByLabel(number, { exact: true }).check();
  await page.getByRole('button', { name: '编制清册（1）' }).click();
  await fillSheet(page, { 理由: '到期' });
  await go(page, '/keeping/disposals');
  const approve = page.getByRole('button', { name: '审批' });
  await approve.waitFor();
  assert.ok(await approve.isDisabled());
  await page.getByRole('button', { name: '撤回' }).click();
  await fillSheet(page, { 理由: '重新鉴定' });
  await page.getByText('已撤回').waitFor();
});

test('a medium is registered and its alarm acknowledged', as, async (page) => {
  await go(page, '/keeping/custody');
  await page.getByRole('button', { name: '登记介质' }).click();
  await fillSheet(page, { 编号: 'U-77', 地点: '异地库房', 保管人: '李明' });
  await row(page, 'U-77').waitFor();
  assert.equal(await page.locator('svg.parts rect').count(), 256);
  await go(page, '/keeping');
  const fresh = page.locator('li', { hasText: 'juanzong' }).filter({ hasText: '未确认' }).first();
  const text = (await fresh.locator('strong').textContent()).trim();
  await fresh.getByRole('button', { name: '确认' }).click();
  await fillSheet(page, { 如何处理: '周五读回' });
  await page.locator('li', { hasText: text }).getByText('周五读回').waitFor();
});

test('the audit list: filtered, opened, proved', as, async (page) => {
  await go(page, '/audit');
  await page.locator('tbody tr').first().waitFor();
  await page.getByRole('button', { name: '变更', exact: true }).click();
  await page.getByLabel('行为').selectOption('batch_closed');
  const entry = row(page, '批次结束').first();
  await entry.waitFor();
  await eventually(
    () => page.locator('tbody tr').count(),
    (count) => count < 10,
  );
  await entry.locator('button.what').first().click();
  await page.locator('tr.detail').waitFor();
  await entry.getByRole('button', { name: '与签名相符' }).click();
  await page.locator('dialog[open] .chip.good').waitFor();
  assert.match(await page.locator('dialog[open] .proof').textContent(), /[0-9a-f]{64}/);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '从头重读' }).click();
  await page.getByText('已从头重读').waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: '导出 CSV' }).click(),
  ]);
  assert.match(download.suggestedFilename(), /^juanzong-audit-.*\.csv$/);
});

test('a user is added, placed in a unit, trained and ended', as, async (page, complaints) => {
  const who = `新人${Date.now() % 100_000}`;
  const unit = `中心${Date.now() % 100_000}`;
  await go(page, '/admin/units');
  await page.getByRole('button', { name: '添加机构' }).click();
  await fillSheet(page, { 名称: unit, 类别: 'information' });
  await page.locator('.tree li', { hasText: unit }).waitFor();
  await go(page, '/admin');
  await page.getByRole('button', { name: '添加用户' }).click();
  await page.locator('dialog[open]').getByLabel('著录员').check();
  await fillSheet(page, { 姓名: who, 初始密码: '纸短情长2026' });
  const user = row(page, who);
  await user.getByRole('button', { name: `更改岗位与机构: ${who}` }).click();
  const sheet = page.locator('dialog[open]');
  await sheet.getByLabel('机构').selectOption({ label: unit });
  await sheet.locator('.primary').click();
  await sheet.locator('[role=alert]').waitFor(); // an indexer is none of an information centre
  refused(complaints, 409);
  await sheet.getByLabel('著录员').uncheck();
  await sheet.locator('.primary').click();
  await sheet.waitFor({ state: 'detached' });
  await user.getByRole('button', { name: `登记培训: ${who}` }).click();
  await fillSheet(page, {});
  await eventually(
    () => user.textContent(),
    (text) => text.includes(unit) && text.includes(inDays(0).slice(0, 4)),
  );
  await user.getByRole('button', { name: `停用: ${who}` }).click();
  await fillSheet(page, { 理由: '离岗' });
  await user.waitFor({ state: 'detached' });
});

test('settings and the self-check', as, async (page) => {
  await go(page, '/admin/settings');
  await row(page, 'custody.scrub_days').waitFor();
  await go(page, '/admin/selfcheck');
  await page.getByRole('button', { name: '自查并存档' }).click();
  await page.getByText('报告已存档').waitFor();
});

test('a folder is uploaded, accepted and handed over', as, async (page) => {
  const folder = mkdtempSync(join(tmpdir(), 'juanzong-upload-'));
  const files = [1, 2].map((n) => {
    const file = join(folder, `${n}.bin`);
    writeFileSync(file, Buffer.alloc(1_500_000, n));
    return file;
  });
  await go(page, '/upload');
  await page.locator('input[type=file]').first().setInputFiles(files);
  await page.getByLabel('批次名').fill(`box-${Date.now()}`);
  await page.getByRole('button', { name: '开始上传' }).click();
  await eventually(
    () => page.locator('tbody .chip.good').count(),
    (count) => count === 2,
    20_000,
  );
  await page.locator('.bar').getByRole('button', { name: '整批交接' }).click();
  await page.locator('.said.good').waitFor();
});

test('a page stays set aside for a reason, and a sample is judged', as, async (page) => {
  await go(page, '/batches');
  const batch = page.getByRole('link', { name: 'scans', exact: true });
  await batch.click();
  const aside = page.getByRole('button', { name: /认可现状/ }).first();
  await aside.click();
  await fillSheet(page, { 理由: '文件即不完整，已与纸质核对' });
  await page.getByText('已认可').waitFor();
  await page.getByRole('button', { name: '抽取样本' }).click();
  await page
    .getByRole('button', { name: /登记差错/ })
    .first()
    .click();
  await fillSheet(page, { 与纸质不符之处: '缺角' });
  await page.getByRole('button', { name: '结束并判定' }).click();
  await page.locator('section .chip', { hasText: /^(合格|不合格)$/ }).waitFor();
});

const screens = [
  ...['', '/retention', '/appraisals', '/disposals', '/loans', '/places', '/packages', '/custody'].map(
    (section) => `/keeping${section}`,
  ),
  '/audit',
  ...['', '/units', '/settings', '/selfcheck'].map((section) => `/admin${section}`),
  '/upload',
  '/batches',
];
for (const [language, theme] of [
  ['zh', 'light'],
  ['en', 'dark'],
]) {
  const options = { ...as, language, theme };
  test(`every screen of the office is accessible: ${language}, ${theme}`, options, async (page) => {
    for (const screen of screens) {
      await go(page, screen);
      await page.waitForSelector('main h1');
      await page.waitForFunction(() => !document.querySelector('main [role=status] .dot'));
      assert.deepEqual(await accessibilityFaults(page), [], screen);
      const sideways = await page.evaluate(() => {
        const main = document.querySelector('main');
        return main.scrollWidth - main.clientWidth;
      });
      assert.ok(sideways <= 0, `${screen} is ${sideways}px too wide`);
    }
    await go(page, '/keeping/loans');
    await page.locator('.bar .primary').click();
    await page.waitForSelector('dialog[open]');
    assert.deepEqual(await accessibilityFaults(page), [], 'a sheet');
  });
}

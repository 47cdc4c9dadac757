// The structure put right by keyboard, pages that are covered, side by side, copies.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after } from 'node:test';
import { eventually, go, lastly, sayWhoAsks, test } from './browser.mjs';

lastly(after);

async function openDossier(page, dossierNo) {
  await go(page, '/dossiers');
  await page.getByRole('link', { name: dossierNo, exact: true }).click();
  await page.waitForSelector('.reader nav button');
  await page.waitForSelector('[data-field]');
}

const order = (page) =>
  page.locator('.reader nav button').evaluateAll((all) => all.map((one) => one.id));
const here = (page) => page.locator('.reader nav button.here').getAttribute('id');

/** Answers what a decision asks for: why. */
async function because(page, reason) {
  await page.waitForSelector('#repair-reason:focus');
  await page.keyboard.type(reason);
  await page.keyboard.press('Enter');
}

test('pages are chosen, moved and put back with the keyboard alone', {}, async (page) => {
  await openDossier(page, 'SB1-2020-SH-7824');
  const before = await order(page);
  await page.keyboard.press('e');
  await page.waitForSelector('.repair .tools');
  await page.keyboard.press('ArrowDown');
  await eventually(
    () => here(page),
    (id) => id === before[1],
  );
  await page.keyboard.press('Shift+ArrowDown');
  await eventually(
    () => page.locator('.reader nav button.chosen').count(),
    (count) => count === 2,
  );
  await page.keyboard.press('.');
  await page.waitForSelector('.look');
  await because(page, '页序装订有误');
  const moved = [before[0], before[3], before[1], before[2], ...before.slice(4)];
  await eventually(() => order(page), (now) => now.join() === moved.join(), 15_000);
  await page.keyboard.press('z');
  await page.waitForSelector('#undo-reason:focus');
  await page.keyboard.type('原来的页序正确');
  await page.keyboard.press('Enter');
  await eventually(() => order(page), (now) => now.join() === before.join(), 15_000);
  assert.equal(await page.locator('.decisions .ended').count(), 1);
  await page.keyboard.press('Escape');
  await page.waitForSelector('.repair', { state: 'detached' });
});

test('a page is cut and laid before another', {}, async (page) => {
  await openDossier(page, 'SB1-2020-SH-7824');
  const before = await order(page);
  await page.keyboard.press('e');
  await page.waitForSelector('.repair .tools');
  for (let i = 0; i < 4; i++) {
    await page.keyboard.press('ArrowDown');
    await eventually(
      () => here(page),
      (id) => id === before[i + 1],
    );
  }
  await page.keyboard.press('m');
  await page.keyboard.press('ArrowUp');
  await eventually(
    () => here(page),
    (id) => id === before[3],
  );
  await page.keyboard.press('b');
  await because(page, '夹错');
  const moved = [...before.slice(0, 3), before[4], before[3], ...before.slice(5)];
  await eventually(() => order(page), (now) => now.join() === moved.join(), 15_000);
  await page.keyboard.press('z');
  await page.waitForSelector('#undo-reason:focus');
  await page.keyboard.type('试验');
  await page.keyboard.press('Enter');
  await eventually(() => order(page), (now) => now.join() === before.join(), 15_000);
});

test('what cannot be done is said', {}, async (page) => {
  await openDossier(page, 'SB1-2020-SH-7824');
  await page.keyboard.press('e');
  await page.waitForSelector('.repair .tools');
  await page.keyboard.press(',');
  await eventually(
    () => page.textContent('.repair [role=status]'),
    (text) => text.includes('不能'),
  );
  assert.equal(await page.locator('#repair-reason').count(), 0);
});

test('an item is retyped by a part of its name', {}, async (page) => {
  await openDossier(page, 'SB3-2012-ZJ-6951');
  await page.keyboard.press('e');
  await page.waitForSelector('.repair .tools');
  await page.locator('.reader nav section:has(h2:not(.loose)) button').first().click();
  await page.locator('.repair .chosen').click(); // the focus is nowhere
  await page.keyboard.press('Y');
  await page.waitForSelector('#type-find:focus');
  await page.keyboard.type('情况说明');
  await page.keyboard.press('Enter');
  await because(page, '不是退费申请表');
  await page.waitForSelector('.decisions li:has-text("情况说明")', { timeout: 20_000 });
  await page.keyboard.press('z');
  await page.waitForSelector('#undo-reason:focus');
  await page.keyboard.type('试验');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.decisions .ended', { timeout: 20_000 });
});

test('an identity card is covered until somebody says why', {}, async (page) => {
  await openDossier(page, 'SB1-2020-SH-7824');
  await page.locator('.reader nav button', { hasText: '居民身份证' }).first().click();
  await page.waitForSelector('.cover .message');
  assert.match(await page.textContent('.cover .message'), /已遮盖/);
  await page.keyboard.press('v');
  await page.fill('#reason', '核对本人证件');
  await page.locator('dialog .primary').click();
  await page.waitForSelector('.cover .message', { state: 'detached' });
  await page.waitForSelector('.page-layer:not([hidden])', { state: 'attached' });
});

test('two pages stand side by side', {}, async (page) => {
  await openDossier(page, 'SB1-2020-SH-7824');
  await page.keyboard.press('d');
  await page.waitForSelector('.beside .openseadragon-canvas');
  const pinned = await page.textContent('.beside .head strong');
  await page.keyboard.press('j');
  await eventually(
    () => page.textContent('.count[role=status]'),
    (text) => !text.trim().startsWith(`${pinned} /`),
  );
  assert.equal(await page.textContent('.beside .head strong'), pinned);
  await page.keyboard.press('d');
  await page.waitForSelector('.beside', { state: 'detached' });
});

test('a certified copy gets a serial, and printing it again needs a reason', {}, async (page) => {
  await sayWhoAsks(page);
  await openDossier(page, 'SB1-2020-SH-7824');
  await page.keyboard.press('c');
  await page.waitForSelector('dialog[open]');
  await page.locator('dialog input[value=certified]').check();
  await page.locator('dialog .primary').click();
  await page.waitForSelector('#copy-open', { timeout: 30_000 });
  const serial = (await page.textContent('dialog .made')).match(/\d{4}-\d{6}/)[0];
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.click('#copy-open'),
  ]);
  const bytes = await readFile(await download.path());
  assert.equal(bytes.subarray(0, 5).toString(), '%PDF-');
  assert.equal(download.suggestedFilename(), `${serial}.pdf`);
  await page.keyboard.press('Escape');
  await go(page, '/copies');
  const row = page.locator('tbody tr', { hasText: serial });
  assert.match(await row.textContent(), /汤君英/);
  await row.locator('button').click();
  await page.locator('dialog .primary').click();
  await eventually(
    () => page.textContent('dialog .problem'),
    (text) => text.trim() !== '',
  );
  await page.fill('#again-reason', '打印机卡纸');
  await page.locator('dialog .primary').click();
  await eventually(
    () => row.textContent(),
    (text) => text.includes('2 次'),
    20_000,
  );
});

test('an agent is recorded with the power of attorney', {}, async (page, complaints) => {
  await page.waitForSelector('#applicant');
  await page.fill('#applicant', '汤君英');
  await page.waitForSelector('#purpose option[value=business]', { state: 'attached' });
  await page.selectOption('#purpose', 'business');
  await page.fill('#agent', '周代办');
  await page.locator('form .primary').click();
  await page.waitForSelector('#authority-number');
  assert.match(await page.textContent('form .problem'), /委托书/);
  await page.fill('#authority-number', '授2026-7');
  await page.fill('#authority-date', '2026-03-01');
  await page.locator('form .primary').click();
  await page.waitForSelector('[data-search-box]');
  complaints.splice(0, complaints.length, ...complaints.filter((each) => !/403/.test(each)));
});

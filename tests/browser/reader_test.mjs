// The reader: fields and boxes both ways, turning, text, masks, findings, pages set aside.

import assert from 'node:assert/strict';
import { after } from 'node:test';
import { eventually, go, lastly, test } from './browser.mjs';

lastly(after);

/** Opens the dossier of this number from the board, as a records manager does. */
async function openDossier(page, dossierNo) {
  await go(page, '/dossiers');
  await page.getByRole('link', { name: dossierNo, exact: true }).click();
  await page.waitForSelector('[data-field]');
  await page.waitForSelector('.page-layer:not([hidden]) .page-box.field', { state: 'attached' });
}

const matrixOf = (page) => page.locator('.page-boxes g').getAttribute('transform');
const focusedField = (page) => page.evaluate(() => document.activeElement?.dataset?.field ?? '');

/** Waits until the picture keeps still. */
async function still(page) {
  let before = '';
  await eventually(
    async () => {
      const now = await matrixOf(page);
      const same = now === before;
      before = now;
      await page.waitForTimeout(120);
      return same;
    },
    Boolean,
    10_000,
  );
}

// What only a screen reader sees of the pages further down made the window scroll into emptiness.
test('the window itself does not scroll', { height: 500 }, async (page) => {
  await openDossier(page, 'SB1-2020-SH-7824');
  await still(page);
  const [all, seen] = await page.evaluate(() => [
    document.documentElement.scrollHeight,
    window.innerHeight,
  ]);
  assert.equal(all, seen);
});

test('a field that has the focus is the box in view', {}, async (page) => {
  await openDossier(page, 'SB1-2020-SH-7824');
  await still(page);
  const row = page.locator('[data-field]').nth(1);
  await row.focus();
  await still(page);
  const marked = page.locator('.page-box.marked');
  assert.equal(await marked.getAttribute('data-box'), await row.getAttribute('data-field'));
  const box = await marked.boundingBox();
  const picture = await page.locator('.picture').boundingBox();
  assert.ok(Math.abs(box.x + box.width / 2 - picture.x - picture.width / 2) < 40, 'in the middle');
  assert.ok(
    Math.abs(box.y + box.height / 2 - picture.y - picture.height / 2) < 40,
    'in the middle',
  );
});

test('a box that is clicked gives its field the focus', {}, async (page) => {
  await openDossier(page, 'SB1-2020-SH-7824');
  await still(page);
  const box = page.locator('.page-box.field').nth(1);
  const { x, y, width, height } = await box.boundingBox();
  await page.mouse.click(x + width / 2, y + height / 2);
  const wanted = await box.getAttribute('data-box');
  await eventually(
    () => focusedField(page),
    (key) => key === wanted,
  );
});

test('boxes stay on their words when the page is turned and zoomed', {}, async (page) => {
  await openDossier(page, 'SB1-2020-SH-7824');
  await still(page);
  const before = await page.locator('.page-box.field').first().boundingBox();
  await page.keyboard.press('r');
  await still(page);
  const turned = await page.locator('.page-box.field').first().boundingBox();
  const ratio = (box) => box.width / box.height;
  assert.ok(Math.abs(ratio(before) * ratio(turned) - 1) < 0.15, 'its sides changed places');
  await page.keyboard.press('R');
  await still(page);
  await page.keyboard.press('+');
  await still(page);
  const larger = await page.locator('.page-box.field').first().boundingBox();
  assert.ok(larger.width > before.width * 1.2, `${larger.width} from ${before.width}`);
  await page.keyboard.press('0');
  await still(page);
  const again = await page.locator('.page-box.field').first().boundingBox();
  assert.ok(Math.abs(again.width - before.width) < 1);
});

test('a page that lay turned is shown upright, and as scanned on demand', {}, async (page) => {
  await openDossier(page, 'SB1-2017-ZJ-6649'); // its cover was scanned lying on its side
  await still(page);
  const box = () => page.locator('.page-box.field').first().boundingBox();
  const upright = await box();
  await page.keyboard.press('o');
  await still(page);
  const scanned = await box();
  assert.ok(upright.width > upright.height, 'words run across');
  assert.ok(scanned.height > scanned.width, 'words run along');
});

test('text can be selected where it stands', {}, async (page) => {
  await openDossier(page, 'SB1-2020-SH-7824');
  await still(page);
  await page.keyboard.press('t');
  await page.waitForSelector('.page-text span');
  const run = page.locator('.page-text span', { hasText: '社会保险业务档案' }).first();
  const box = await run.boundingBox();
  await page.mouse.move(box.x + 1, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 1, box.y + box.height / 2, { steps: 8 });
  await page.mouse.up();
  const selected = await page.evaluate(() => String(getSelection()));
  assert.match(selected, /社会保险业务/);
  await page.keyboard.press('t');
  await eventually(
    () => page.locator('.page-text span').count(),
    (count) => count === 0,
  );
});

test('boxes can be put away', {}, async (page) => {
  await openDossier(page, 'SB1-2020-SH-7824');
  await page.keyboard.press('b');
  await eventually(
    () => page.locator('.page-box.field').count(),
    (count) => count === 0,
  );
  await page.keyboard.press('b');
  await page.waitForSelector('.page-layer:not([hidden]) .page-box.field', { state: 'attached' });
});

test('hidden values are shown for a reason only', {}, async (page) => {
  await openDossier(page, 'SB1-2017-ZJ-6649');
  const masked = page.locator('.value.masked');
  const count = await masked.count();
  assert.ok(count > 0);
  assert.match(await masked.first().textContent(), /\*{4,}/);
  await page.keyboard.press('v');
  await page.waitForSelector('dialog[open]');
  await page.fill('#reason', '看');
  await page.locator('dialog .primary').click();
  await eventually(
    () => page.textContent('#reason-problem'),
    (text) => text.trim() !== '',
  );
  assert.equal(await masked.count(), count, 'no reason, no value');
  await page.fill('#reason', '核对公民身份号码');
  await page.locator('dialog .primary').click();
  await eventually(
    () => masked.count(),
    (now) => now === 0,
  );
  assert.match(await page.textContent('[role=tabpanel]'), /\d{17}[\dX]/);
});

test('pages and items turn by keyboard, within their ends', {}, async (page) => {
  await openDossier(page, 'SB1-2020-SH-7824');
  const count = () => page.textContent('.count[role=status]').then((text) => text.trim());
  const total = Number((await count()).split('/')[1]);
  await page.keyboard.press('k');
  assert.match(await count(), /^1 \//);
  await page.keyboard.press('j');
  await eventually(count, (text) => text.startsWith('2 /'));
  await page.keyboard.press('J');
  await eventually(count, (text) => Number(text.split(' ')[0]) > 2);
  for (let i = 0; i < total; i++) await page.keyboard.press('ArrowRight');
  await eventually(count, (text) => text === `${total} / ${total}`);
});

test('a finding leads to its pixels', {}, async (page) => {
  await openDossier(page, 'SB2-2012-GS-4072');
  await page.keyboard.press('g');
  await page.waitForSelector('.findings .places button');
  const finding = page.locator('.findings li', { hasText: '身份号码' }).first();
  await finding.locator('.places button').first().click();
  await page.waitForSelector('.page-box.finding', { state: 'attached' });
  await still(page);
  const box = await page.locator('.page-box.finding').first().boundingBox();
  const picture = await page.locator('.picture').boundingBox();
  assert.ok(box.x > picture.x && box.x + box.width < picture.x + picture.width);
  assert.ok(box.y > picture.y && box.y + box.height < picture.y + picture.height);
  assert.ok(box.width > 30, 'large enough to read');
});

test('a finding is decided by keyboard, and opened again', {}, async (page) => {
  await openDossier(page, 'SB2-2012-GS-4072');
  await page.keyboard.press('g');
  await page.waitForSelector('.findings .decide');
  const open = () => page.textContent('#tab-findings .chip').then(Number);
  const before = await open();
  const id = await page.locator('.findings .decide').first().getAttribute('id');
  const finding = page.locator('.findings li', { has: page.locator(`#${id}`) });
  const onButton = () => page.waitForSelector(`#${id}:focus`);
  await page.focus(`#${id}`);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.findings form input[value=accepted]:focus');
  await page.keyboard.press('e'); // of the reason, had it the focus: no key of the reader
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('.findings form .problem:has-text("处理结果")');
  await page.keyboard.press('Escape');
  await onButton();

  async function decide(state, reason) {
    await page.keyboard.press('Enter');
    const choice = page.locator(`.findings form input[value=${state}]`);
    await page.waitForSelector('.findings form input[value=accepted]:focus');
    await page.keyboard.press('Space');
    while (!(await choice.isChecked())) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await page.keyboard.type(reason);
    await page.keyboard.press('Control+Enter');
    await onButton();
    await page.waitForSelector('.findings form', { state: 'detached' });
  }
  await decide('accepted', '与原件核对，原件如此');
  assert.match(await finding.textContent(), /已核实认可.*与原件核对，原件如此 · 吴/s);
  assert.equal(await open(), before - 1);
  await decide('open', '尚有疑问');
  assert.match(await finding.textContent(), /已重新打开.*尚有疑问/s);
  assert.equal(await open(), before);
});

test('a page set aside is shown with its reason', {}, async (page) => {
  await go(page, '/batches');
  await page.locator('a[href^="/pages/"]').first().click();
  await page.waitForSelector('.cover .message');
  assert.match(await page.textContent('.cover .message'), /文件不完整/);
  assert.match(await page.textContent('.cover .message'), /重新/);
});

test('a dossier that is not there is said', {}, async (page, complaints) => {
  await go(page, '/dossiers/999999');
  await page.waitForSelector('[role=alert]');
  const expected = complaints.splice(0).filter((each) => !/404/.test(each));
  assert.deepEqual(expected, []);
});

test('the reader does its work on a tablet', { width: 820, height: 1180 }, async (page) => {
  await openDossier(page, 'SB1-2020-SH-7824');
  const picture = await page.locator('.picture').boundingBox();
  assert.ok(picture.width >= 500, `${picture.width} px for the page`);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.equal(beyond, 0, 'nothing stands beyond the edge');
});

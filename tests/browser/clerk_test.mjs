// The clerk at the counter: signs in, records who asks, finds, opens, reads, and begins anew.

import assert from 'node:assert/strict';
import { after, test as nodeTest } from 'node:test';
import {
  address,
  eventually,
  lastly,
  name,
  open,
  password,
  sayWhoAsks,
  search,
  test,
} from './browser.mjs';

lastly(after);

nodeTest('a wrong password is said, the right one opens', async () => {
  const { page, close } = await open();
  await page.goto(address);
  await page.fill('input[autocomplete=username]', name);
  await page.fill('input[type=password]', `${password}x`);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[role=alert] p');
  assert.equal(await page.inputValue('input[type=password]'), '');
  await page.fill('input[type=password]', password);
  await page.keyboard.press('Enter');
  await page.waitForSelector('header nav');
  await close();
});

test('nothing is searched before somebody is recorded', {}, async (page) => {
  await page.waitForSelector('#applicant');
  assert.equal(await page.locator('[data-search-box]').count(), 0);
  await page.keyboard.press('Enter');
  await eventually(
    () => page.textContent('.problem'),
    (text) => text.trim() !== '',
  );
  await sayWhoAsks(page, '汤君英', 'benefit_check');
  const strip = await page.textContent('.strip');
  assert.match(strip, /汤君英/);
  assert.match(strip, /核对待遇/);
  assert.ok(
    await page.locator('[data-search-box]').evaluate((box) => box === document.activeElement),
  );
});

test('from the box to the marked hit and back by keyboard', {}, async (page) => {
  await sayWhoAsks(page);
  await search(page, '汤君英');
  await page.waitForSelector('article mark');
  assert.equal(await page.locator('article').count(), 1, 'one dossier, one group');
  const hits = await page.locator('article li').count();
  assert.ok(hits >= 5, `${hits} hits`);
  // Those that look alike, because they were misread, come last and are marked as they were read.
  const marks = await page.locator('article mark').allTextContents();
  assert.ok(marks.filter((mark) => mark === '汤君英').length >= 5, marks.join());
  assert.equal(marks[0], '汤君英');

  await page.keyboard.press('j');
  await page.keyboard.press('ArrowDown');
  const chosen = await page.getAttribute('article li.selected', 'id');
  assert.equal(await page.locator('article li').nth(2).getAttribute('id'), chosen);
  await page.keyboard.press('Enter');

  const hit = page.locator('.page-box.hit').first();
  await hit.waitFor({ state: 'attached' });
  const { width, height } = await page.locator('.picture').boundingBox();
  const box = await eventually(
    () => hit.boundingBox(),
    (each) => each && each.width > 20,
  );
  const picture = await page.locator('.picture').boundingBox();
  assert.ok(box.x >= picture.x && box.x + box.width <= picture.x + width, 'the hit is in view');
  assert.ok(box.y >= picture.y && box.y + box.height <= picture.y + height, 'the hit is in view');
  assert.doesNotMatch(page.url(), /汤|%E6/i, 'no name in an address');

  const first = page.url();
  await page.keyboard.press('n');
  await eventually(
    () => page.url(),
    (url) => url !== first,
  );
  await page.keyboard.press('p');
  await eventually(
    () => page.url(),
    (url) => url === first,
  );

  await page.keyboard.press('Escape');
  await page.waitForSelector('article li.selected');
  assert.equal(await page.getAttribute('article li.selected', 'id'), chosen);
});

test('facets narrow down and are taken back', {}, async (page) => {
  await sayWhoAsks(page);
  await search(page, '汤君英');
  await page.waitForSelector('article');
  const all = await page.locator('article li').count();
  const facet = page.locator('aside li button').last();
  await page.locator('aside ul').first().locator('button').last().click();
  await eventually(
    () => page.locator('article li').count(),
    (count) => count > 0 && count < all,
  );
  await page.locator('aside .head button').click();
  await eventually(
    () => page.locator('article li').count(),
    (count) => count === all,
  );
  assert.ok(await facet.isVisible());
});

for (const width of [700, 820, 1024]) {
  const size = { width, height: 1180, language: 'en' };
  test(`facets stay beside or above the hits, ${width} px wide`, size, async (page) => {
    await sayWhoAsks(page);
    await search(page, '汤君英');
    await page.waitForSelector('article');
    const side = await page.locator('.found aside').boundingBox();
    for (const count of await page.locator('.found aside li button > *').all()) {
      const box = await count.boundingBox();
      assert.ok(box.x + box.width <= side.x + side.width + 1, await count.textContent());
    }
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.equal(beyond, 0);
  });
}

test('nothing found says what to do', {}, async (page) => {
  await sayWhoAsks(page);
  await search(page, '查无此人甲乙丙');
  await page.waitForSelector('.message');
  assert.match(await page.textContent('.message h2'), /查无此人甲乙丙/);
});

test('the next person begins with nothing of the one before', {}, async (page) => {
  await sayWhoAsks(page);
  await search(page, '汤君英');
  await page.waitForSelector('article');
  await page.keyboard.press('n');
  await page.waitForSelector('#applicant');
  assert.equal(await page.inputValue('#applicant'), '');
  await page.reload();
  await page.waitForSelector('#applicant');
  await sayWhoAsks(page, '余昌德', 'benefit_check');
  assert.equal(await page.locator('article').count(), 0);
  assert.equal(await page.inputValue('[data-search-box]'), '');
});

test('what the paper says is text, never a part of the page', {}, async (page) => {
  await sayWhoAsks(page);
  await search(page, '<img src=x onerror=document.title=1>汤君英');
  await page.waitForSelector('.message, article');
  assert.equal(await page.locator('main img[src=x]').count(), 0);
});

nodeTest('a session that ended leads to the sign-in and leaves nothing behind', async () => {
  const { page, close } = await open();
  await page.goto(address);
  await page.fill('input[autocomplete=username]', name);
  await page.fill('input[type=password]', password);
  await page.keyboard.press('Enter');
  await sayWhoAsks(page);
  await search(page, '汤君英');
  await page.waitForSelector('article');
  await page.context().clearCookies();
  await page.keyboard.press('2');
  await page.waitForSelector('input[type=password]');
  assert.doesNotMatch(await page.textContent('body'), /汤君英/);
  await close();
});

test('a dialog that is closed gives the focus back', {}, async (page) => {
  const opener = page.locator('header .button').nth(-2);
  await opener.click();
  await page.locator('dialog[open] .sheet-actions .button').first().click();
  await eventually(
    () => page.locator('dialog').count(),
    (count) => count === 0,
  );
  assert.ok(await opener.evaluate((button) => button === document.activeElement));
});

test('signing out', {}, async (page) => {
  await page.locator('header .button').last().click();
  await page.waitForSelector('input[type=password]');
  await page.reload();
  await page.waitForSelector('input[type=password]');
});

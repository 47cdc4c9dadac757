// The review bench: a hundred values with the keyboard alone, equal ones at once, undo, two at one
// value, double keying, the steps of a case, and what somebody from outside sees.

import assert from 'node:assert/strict';
import { after, test as nodeTest } from 'node:test';
import {
  accessibilityFaults,
  eventually,
  go,
  lastly,
  open,
  password,
  signIn,
  test,
} from './browser.mjs';

lastly(after);

const indexer = { as: '李著录' };
const box = '#review-value';

/** The value in work: page, field and row. */
const task = (page) => page.locator('label[data-task]').getAttribute('data-task');
const type = (page) => page.locator('label[data-task]').getAttribute('data-type');
/** What somebody may read where the machine read what cannot be. */
const valueLike = { money: '192.69', date: '20121101', integer: '10', year_month: '201211' };
const left = async (page) => Number(await page.locator('[data-left]').getAttribute('data-left'));
const focused = (page) => page.evaluate(() => document.activeElement?.id ?? '');

async function bench(page, search = '?below=1') {
  await go(page, `/review${search}`);
  await page.waitForSelector(box);
  await page.waitForSelector('[data-snippet]');
}

/** Presses, and counts them. */
function keyboardOf(page) {
  const counted = { presses: 0, typed: 0 };
  return {
    counted,
    press: async (key) => {
      counted.presses++;
      await page.keyboard.press(key);
    },
    type: async (text) => {
      for (const character of text) {
        counted.presses++;
        counted.typed++;
        await page.keyboard.press(character);
      }
    },
  };
}

test('a hundred values take a hundred keys more than what is typed', indexer, async (page) => {
  await bench(page, '');
  const before = await left(page);
  assert.ok(before > 100, `${before} doubtful values in samples/`);
  const keys = keyboardOf(page);
  const waits = [];
  let retyped = 0;
  for (let done = 0; done < 100; done++) {
    const here = await task(page);
    assert.equal(await focused(page), 'review-value', 'nobody needs a mouse');
    const value = await page.inputValue(box);
    const suspicious = (await page.locator('.facts .suspicious').count()) > 0;
    const mended = suspicious ? valueLike[await type(page)] : null;
    if (mended || (done % 10 === 9 && /^[0-9]+$/.test(value))) {
      // Typed anew, as one who reads the paper does: what is typed replaces what stands there.
      await keys.type(mended ?? value);
      assert.equal(await page.inputValue(box), mended ?? value);
      retyped++;
    }
    const begun = performance.now();
    await keys.press('Enter');
    await eventually(
      () => task(page),
      (next) => next !== here,
    );
    waits.push(performance.now() - begun);
  }
  assert.ok(retyped > 0, 'some were typed');
  const { presses, typed } = keys.counted;
  assert.ok(presses - typed <= 100, `${presses} presses, ${typed} of them typed`);
  // Everything has arrived once the server counts as the screen does.
  await eventually(
    () =>
      page.evaluate(async () => {
        const answer = await fetch('/api/v1/review/tasks?limit=1');
        return (await answer.json()).left;
      }),
    (count) => count === before - 100,
    30_000,
  );
  waits.sort((a, b) => a - b);
  console.log(
    `100 values: ${presses} presses, ${typed} typed; to the next one ${waits[50].toFixed(0)} ms ` +
      `(median), ${waits[95].toFixed(0)} ms (95 %)`,
  );
  assert.ok(waits[50] < 500, `${waits[50]} ms from a key to the next value`);
});

test('Esc brings back the value, then the last one', indexer, async (page) => {
  await bench(page);
  const first = await task(page);
  const value = await page.inputValue(box);
  await page.keyboard.type('7');
  assert.equal(await page.inputValue(box), '7', 'typing replaces');
  await page.keyboard.press('Escape');
  assert.equal(await page.inputValue(box), value);
  await page.keyboard.press('Enter');
  await eventually(
    () => task(page),
    (next) => next !== first,
  );
  await page.keyboard.press('Escape');
  await eventually(
    () => task(page),
    (next) => next === first,
  );
  assert.equal(await page.inputValue(box), value);
});

nodeTest('what is no value of the field comes back with what was typed', async () => {
  const { page, close } = await open();
  await signIn(page, '/', indexer.as);
  await bench(page);
  while (!['money', 'date', 'integer', 'year_month'].includes(await type(page))) {
    const here = await task(page);
    await page.keyboard.press('*');
    await eventually(
      () => task(page),
      (next) => next !== here,
    );
  }
  const first = await task(page);
  await page.keyboard.type('abc');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.notice.error');
  assert.equal(await task(page), first);
  assert.equal(await page.inputValue(box), 'abc');
  await close();
});

test('equal values are confirmed at once', indexer, async (page) => {
  await bench(page);
  for (let tries = 0; tries < 80; tries++) {
    if ((await page.locator('.actions .button', { hasText: '相同的' }).count()) > 0) break;
    const here = await task(page);
    await page.keyboard.press('*');
    await eventually(
      () => task(page),
      (next) => next !== here,
    );
  }
  await page.keyboard.press('+');
  await page.waitForSelector('dialog li input:checked');
  const before = await left(page);
  const button = page.locator('dialog .button.primary');
  const count = Number((await button.textContent()).replace(/\D/g, ''));
  assert.ok(count >= 1);
  assert.ok((await page.locator('dialog li').count()) >= 2);
  await page.keyboard.press('Enter');
  await eventually(
    () => page.locator('dialog[open]').count(),
    (open_) => open_ === 0,
  );
  await eventually(
    () => left(page),
    (now) => now <= before - count, // what was said before may still be on its way
  );
  assert.equal(await focused(page), 'review-value');
});

nodeTest('two reviewers never have the same value', async () => {
  const one = await open();
  const other = await open();
  try {
    await signIn(one.page, '/', '李著录');
    await signIn(other.page, '/', '王著录');
    await bench(one.page);
    await bench(other.page);
    for (let i = 0; i < 8; i++) {
      for (const { page } of [one, other]) {
        const here = await task(page);
        assert.notEqual(await task(one.page), await task(other.page), 'at no time');
        await page.keyboard.press('*');
        await eventually(
          () => task(page),
          (next) => next !== here,
        );
      }
    }
  } finally {
    await one.close();
    await other.close();
  }
});

nodeTest('a case goes from entry to first review, by two persons', async () => {
  const { page, complaints, close } = await open();
  await signIn(page, '/review/items', '李著录');
  const row = page.locator('tr[data-item]').first();
  await row.waitFor();
  const item = await row.getAttribute('data-item');
  await page.keyboard.press('s');
  await page.waitForSelector(`tr[data-item="${item}"] [data-state=entered]`);
  await close();

  const reviewer = await open();
  await signIn(reviewer.page, '/', '陈初审');
  await go(reviewer.page, '/review');
  const mine = reviewer.page.locator(`tr[data-item="${item}"]`);
  await mine.waitFor();
  assert.equal(await reviewer.page.locator(box).count(), 0, 'no post for values');
  await mine.locator('[data-step=verify]').click();
  await reviewer.page.fill('#submitter', '一厂');
  await reviewer.page.keyboard.press('Enter');
  await mine.locator('.chip.good').waitFor();
  await reviewer.page.keyboard.press('s');
  await mine.locator('[data-state=reviewed]').waitFor();
  assert.match(await mine.textContent(), /陈初审/);
  assert.deepEqual([...complaints, ...reviewer.complaints], []);
  await reviewer.close();
});

nodeTest('somebody from outside sees snippets alone, and works with a signature', async () => {
  const { page, close } = await open();
  await signIn(page, '/review?below=1', '外包甲');
  await page.waitForSelector('[data-snippet]');
  await page.waitForTimeout(1_000);
  assert.equal(await page.locator('.page img').count(), 0, 'no page');
  assert.equal(await page.locator('header nav a[href="/"]').count(), 0, 'no search');
  const first = await task(page);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.notice.error');
  assert.equal(await task(page), first, 'nothing is lost');
  await page.locator('.strip button').click();
  await page.fill('#co-signer', '陈初审');
  await page.fill('#co-signer-password', password);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-co-signer="陈初审"]');
  await page.focus(box);
  await page.keyboard.press('Enter');
  await eventually(
    () => task(page),
    (next) => next !== first,
  );
  await page.waitForTimeout(500);
  assert.equal(await page.locator('.notice.error').count(), 0);
  await close();
});

for (const [language, theme, width] of [
  ['zh', 'light', 1280],
  ['en', 'dark', 1280],
  ['en', 'light', 820],
]) {
  const size = { ...indexer, language, theme, width, height: 900 };
  test(`no fault in ${language}, ${theme}, ${width} px wide`, size, async (page) => {
    for (const path of ['/review?below=1', '/review/items', '/review/keying']) {
      await go(page, path);
      await page.waitForSelector('.screen h1');
      await page.waitForSelector('[data-snippet], tr[data-item], .message');
      assert.deepEqual(await accessibilityFaults(page), [], path);
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.equal(beyond, 0, path);
    }
    await go(page, '/review?below=1');
    await page.waitForSelector('[data-snippet]');
    const words = await page.textContent('main');
    if (language === 'en') assert.doesNotMatch(words, /还有|确认|撤销/);
  });
}

// What operators and records managers see, and what holds for every screen: both languages, both
// themes, no fault of accessibility, no complaint of the browser.

import assert from 'node:assert/strict';
import { after, test as nodeTest } from 'node:test';
import {
  accessibilityFaults,
  address,
  eventually,
  go,
  lastly,
  open,
  sayWhoAsks,
  search,
  test,
} from './browser.mjs';

lastly(after);

test('batches: what came in was filed or set aside, with reasons', {}, async (page, complaints) => {
  await go(page, '/batches');
  await page.waitForSelector('.whole');
  const cells = await page
    .locator('table')
    .first()
    .locator('tbody tr')
    .last()
    .locator('td')
    .allTextContents();
  const [came, filed, setAside] = cells.slice(3, 6).map((cell) => Number(cell.replace(/\D/g, '')));
  assert.ok(came > 0);
  assert.equal(came, filed + setAside);
  await page.locator('table').first().locator('tbody tr').last().locator('a').click();
  const aside = page.locator('caption', { hasText: '未归档的页' });
  const rows = page.locator('table', { has: aside }).locator('tbody tr');
  await eventually(
    () => rows.count(),
    (count) => count === setAside,
  );
  assert.match(await rows.first().textContent(), /文件不完整.*重新/s);

  // Its file is as broken as before: the screen says so, and leads to where it is replaced.
  const broken = rows.first();
  await broken.getByRole('button', { name: /^重试/ }).click();
  await broken.locator('[role=alert]').waitFor({ timeout: 30_000 });
  assert.match(await broken.locator('[role=alert]').textContent(), /重新扫描/);
  assert.match(complaints.splice(0).join(), /409/);
  await broken.getByRole('link', { name: /^替换/ }).click();
  await page.waitForSelector('.panel input[type=file]');
  assert.equal(new URL(page.url()).search.includes('repair'), false, 'going back repeats nothing');
});

test('without events batches are looked at again by themselves', {}, async (page) => {
  await page.evaluate(() => (globalThis.EventSource = undefined));
  let looks = 0;
  page.on('request', (request) => (looks += request.url().endsWith('/api/v1/batches') ? 1 : 0));
  await go(page, '/batches');
  await eventually(
    () => looks,
    (count) => count >= 2,
    12_000,
  );
  await go(page, '/dossiers');
  await page.waitForSelector('.filters');
  const until = looks;
  await page.waitForTimeout(6_000);
  assert.equal(looks, until, 'and left alone once nobody looks');
});

test('batches are told by the server, and nobody listens once nobody looks', {}, async (page) => {
  const streams = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/api/v1/events')) streams.push(request);
  });
  const ended = new Promise((done) => page.on('requestfailed', (request) => {
    if (request.url().endsWith('/api/v1/events')) done();
  }));
  await go(page, '/batches');
  await page.waitForSelector('.chip.good', { hasText: '实时' });
  assert.equal(streams.length, 1);
  await go(page, '/dossiers');
  await ended;
});

test('the board filters, finds and opens', {}, async (page) => {
  await go(page, '/dossiers');
  await page.waitForSelector('tbody tr');
  const dossiers = page.locator('table.list-table tbody tr');
  const all = await dossiers.count();
  assert.equal(all, 8, 'dossiers of samples/');
  const row = dossiers.filter({ hasText: 'SB2-2012-GS-4072' });
  const cells = (await row.locator('td').allTextContents()).map((cell) => cell.trim());
  assert.deepEqual(cells.slice(2, 8), ['傅卫', '12', '0', '3', '0', '0']);
  assert.match(cells[8], /缺 \d+.*齐 \d+/s);
  assert.equal(await page.locator('table.list-table thead th').count(), cells.length);
  await page.locator('.filter.set_aside').click();
  await eventually(
    () => dossiers.count(),
    (count) => count === 1,
  );
  await page.locator('.filter.all').click();
  await eventually(
    () => dossiers.count(),
    (count) => count === all,
  );
  await page.keyboard.press('/');
  await page.keyboard.type('汤君英');
  await eventually(
    () => dossiers.count(),
    (count) => count === 1,
  );
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.reader');
  assert.match(await page.textContent('.reader h1'), /汤君英/);
});

test('the four properties of a dossier are examined from the board', {}, async (page) => {
  await go(page, '/dossiers');
  await page.waitForSelector('tbody tr');
  await page.getByRole('button', { name: /^四性/ }).first().click();
  const sheet = page.locator('dialog[open]');
  await sheet.locator('.counts').waitFor({ timeout: 60_000 });
  await sheet.locator('input[type=checkbox]').check();
  const headings = await sheet.locator('h2').allTextContents();
  assert.deepEqual(headings, ['真实性', '完整性', '可用性', '安全性']);
  assert.deepEqual(await accessibilityFaults(page), []);
});

test('a person: values that differ stand side by side, cells lead to pages', {}, async (page) => {
  await go(page, '/dossiers');
  await page.getByRole('link', { name: 'SB2-2012-SY-5605' }).click();
  await page.locator('.reader header ul a', { hasText: '余昌德' }).first().click();
  await page.waitForSelector('.field.differs');
  const values = await page
    .locator('.field.differs')
    .first()
    .locator('.value strong')
    .allTextContents();
  assert.ok(values.length >= 2, values.join());
  assert.match(await page.textContent('.screen-head .number'), /\*{4,}/);
  assert.equal(await page.locator('td.listed').count(), 54, '2008-01 to 2012-06');
  for (const where of ['.field.differs .places a', 'td.listed a']) {
    await page.locator(where).first().click();
    await page.waitForSelector('.reader');
    await page.waitForSelector('.page-layer:not([hidden])', { state: 'attached' });
    await page.keyboard.press('Escape');
    await page.waitForSelector('.field.differs');
  }
});

test(
  'the help sheet opens on ?, closes on Esc, and can switch single keys off',
  {},
  async (page) => {
    await go(page, '/dossiers');
    await page.waitForSelector('.filters');
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open]');
    await page.locator('dialog input[type=checkbox]').uncheck();
    await page.keyboard.press('Escape');
    await eventually(
      () => page.locator('dialog[open]').count(),
      (count) => count === 0,
    );
    await page.keyboard.press('3');
    await page.waitForTimeout(300);
    assert.match(page.url(), /dossiers$/);
  },
);

test('the language is switched at once and remembered', {}, async (page) => {
  await go(page, '/dossiers');
  await page.waitForSelector('.filters');
  await page.getByRole('button', { name: 'English' }).click();
  await eventually(
    () => page.textContent('h1'),
    (text) => text === 'Dossiers',
  );
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  await page.reload();
  await eventually(
    () => page.textContent('h1'),
    (text) => text === 'Dossiers',
  );
});

test('an address that leads nowhere says so', {}, async (page) => {
  await page.goto(`${address}/nothing/here`);
  await page.waitForSelector('.message');
});

/** Each screen with something on it. */
const screens = {
  purpose: (page) => page.waitForSelector('#applicant'),
  idle: (page) => sayWhoAsks(page),
  hits: async (page) => {
    await search(page, '汤君英');
    await page.waitForSelector('article mark');
  },
  nothing: async (page) => {
    await search(page, '查无此人甲乙丙');
    await page.waitForSelector('.message');
  },
  board: async (page) => {
    await go(page, '/dossiers');
    await page.waitForSelector('tbody tr');
  },
  reader: async (page) => {
    await page.getByRole('link', { name: 'SB1-2020-SH-7824' }).click();
    await page.waitForSelector('[data-field]');
    await page.waitForSelector('.page-layer:not([hidden])', { state: 'attached' });
  },
  text: async (page) => {
    await page.keyboard.press('t');
    await page.waitForSelector('.page-text span');
  },
  findings: async (page) => {
    await page.keyboard.press('g');
    await page.waitForSelector('.findings');
    await page.locator('.findings .decide').first().click();
    await page.waitForSelector('.findings form');
  },
  about: async (page) => {
    await page.locator('#tab-about').click();
    await page.waitForSelector('[role=tabpanel] dl');
  },
  repair: async (page) => {
    await page.keyboard.press('e');
    await page.waitForSelector('.repair .tools');
  },
  look: async (page) => {
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('.');
    await page.waitForSelector('.look li');
  },
  types: async (page) => {
    await page.keyboard.press('Escape');
    await page.locator('.repair h2').first().click();
    await page.keyboard.press('y');
    await page.waitForSelector('[role=option]');
  },
  copy: async (page) => {
    await page.keyboard.press('Escape');
    await page.locator('.tabs .button').click();
    await page.locator('h1').click();
    await page.keyboard.press('c');
    await page.waitForSelector('dialog[open]');
  },
  beside: async (page) => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('d');
    await page.waitForSelector('.beside');
  },
  alone: async (page) => {
    await page.keyboard.press('d');
    await page.waitForSelector('.beside', { state: 'detached' });
  },
  reveal: async (page) => {
    await page.keyboard.press('v');
    await page.waitForSelector('dialog[open]');
  },
  person: async (page) => {
    await page.keyboard.press('Escape');
    await page.locator('.reader header ul a').first().click();
    await page.waitForSelector('.field');
  },
  batches: async (page) => {
    await go(page, '/batches');
    await page.waitForSelector('.whole');
  },
  channels: async (page) => {
    await go(page, '/channels');
    await page.waitForSelector('tbody tr');
  },
  copies: async (page) => {
    await go(page, '/copies');
    await page.waitForSelector('.screen h1');
  },
  help: async (page) => {
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open]');
  },
};

// Each language and each theme once; JUANZONG_EVERY=1 for all four.
const tried = [
  ['zh', 'light'],
  ['en', 'dark'],
  ...(process.env.JUANZONG_EVERY ? [['zh', 'dark'], ['en', 'light']] : []),
];
for (const [language, theme] of tried) {
  test(`every screen is accessible: ${language}, ${theme}`, { language, theme }, async (page) => {
    for (const [screen, reach] of Object.entries(screens)) {
      await reach(page);
      assert.deepEqual(await accessibilityFaults(page), [], screen);
    }
  });
}

nodeTest('the sign-in is accessible, and axe would see a fault', async () => {
  for (const theme of ['light', 'dark']) {
    const { page, close } = await open({ theme });
    await page.goto(address);
    await page.waitForSelector('form');
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.evaluate(() =>
      document.querySelector('form').append(document.createElement('button')),
    );
    assert.notDeepEqual(await accessibilityFaults(page), [], 'a button without a name');
    await close();
  }
});

nodeTest('the first load is small: 150 KB', async () => {
  const { page, close } = await open();
  let bytes = 0;
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  session.on('Network.loadingFinished', (event) => (bytes += event.encodedDataLength));
  await page.goto(address);
  await page.waitForSelector('form');
  await page.waitForLoadState('networkidle');
  console.log(`first_load_bytes ${bytes}`);
  assert.ok(bytes > 20_000 && bytes < 150_000, `${bytes} bytes`);
  await close();
});

// Makes the pictures of docs/images: every screen, of the fictional archive that the tests use.
//
//   node tests/browser/pictures.mjs docs/images [SCENE ...]
//
// Environment: see browser.mjs, and JUANZONG_INDEXER, who works at the review bench. Scenes follow one another:
// those that are named must begin where the ones before them end.

import { join } from 'node:path';
import { address, chief, go, open, sayWhoAsks, search, signIn } from './browser.mjs';

const [, , folder, ...only] = process.argv;
if (!folder) throw new Error('say where: node tests/browser/pictures.mjs docs/images');

const settled = async (page) => {
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(1_200); // OpenSeadragon's movements and fading of tiles
};

async function openDossier(page, dossierNo) {
  await go(page, '/dossiers');
  await page.getByRole('link', { name: dossierNo }).click();
  await page.waitForSelector('[data-field]');
  await page.waitForSelector('.page-layer:not([hidden])', { state: 'attached' });
}

const indexer = process.env.JUANZONG_INDEXER;

/** The review bench belongs to others than the counter. */
async function asIndexer(page, path) {
  await page.locator('header .button').last().click();
  await page.waitForSelector('input[type=password]');
  await signIn(page, path, indexer);
}

const scenes = {
  'screen-sign-in': async () => {},
  'screen-purpose': async (page) => {
    await signIn(page);
    await page.waitForSelector('#applicant');
  },
  'screen-search': async (page) => {
    await sayWhoAsks(page, '汤君英', 'benefit_check');
    await search(page, '汤君英');
    await page.waitForSelector('article mark');
  },
  'screen-reader': async (page) => {
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.page-box.hit', { state: 'attached' });
    await page.waitForSelector('[data-field]');
  },
  'screen-findings': async (page) => {
    await openDossier(page, 'SB2-2012-GS-4072');
    await page.keyboard.press('g');
    const finding = page.locator('.findings li', { hasText: /身份号码|citizen number/i }).first();
    await finding.locator('.places button').first().click();
    await page.waitForSelector('.page-box.finding', { state: 'attached' });
  },
  'screen-covered': async (page) => {
    await openDossier(page, 'SB1-2020-SH-7824');
    await page.locator('nav button', { hasText: '居民身份证' }).first().click();
    await page.waitForSelector('.cover .message');
  },
  'screen-repair': async (page) => {
    await openDossier(page, 'SB1-2020-SH-7824');
    await page.keyboard.press('e');
    await page.waitForSelector('.repair');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('.');
    await page.waitForSelector('.look li');
  },
  'screen-beside': async (page) => {
    await page.keyboard.press('Escape');
    await page.locator('.tabs .button').click();
    await page.keyboard.press('d');
    await page.waitForSelector('.beside');
  },
  'screen-copy': async (page) => {
    await openDossier(page, 'SB1-2020-SH-7824'); // of whom somebody asks for
    await page.keyboard.press('c');
    await page.waitForSelector('dialog[open]');
    await page.locator('dialog input[value=certified]').check();
    await page.locator('dialog .primary').click();
    await page.waitForSelector('#copy-open');
  },
  'screen-copies': async (page) => {
    await page.keyboard.press('Escape');
    await go(page, '/copies');
    await page.waitForSelector('tbody tr');
  },
  'screen-channels': async (page) => {
    await go(page, '/channels');
    await page.waitForSelector('tbody tr');
  },
  'screen-board': async (page) => {
    await go(page, '/dossiers');
    await page.waitForSelector('tbody tr');
  },
  'screen-properties': async (page) => {
    await page.locator('tbody tr button').first().click();
    await page.waitForSelector('dialog .counts', { timeout: 60_000 });
  },
  'screen-person': async (page) => {
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'SB2-2012-SY-5605' }).click();
    await page.locator('.reader header ul a', { hasText: '余昌德' }).first().click();
    await page.waitForSelector('.field.differs');
  },
  'screen-batches': async (page) => {
    await go(page, '/batches');
    await page.waitForSelector('.whole');
    await page.waitForSelector('caption', { state: 'attached' });
  },
  'screen-review': async (page) => {
    await asIndexer(page, '/review?below=1');
    await page.waitForSelector('[data-snippet]');
    for (let i = 0; i < 3; i++) await page.keyboard.press('Enter');
    await page.waitForSelector('.page .box');
  },
  'screen-review-equal': async (page) => {
    for (let i = 0; i < 60; i++) {
      if ((await page.locator('.actions .button').count()) > 3) break;
      await page.keyboard.press('*');
      await page.waitForTimeout(150);
    }
    await page.keyboard.press('+');
    await page.waitForSelector('dialog li img');
  },
  'screen-review-items': async (page) => {
    await page.keyboard.press('Escape');
    await go(page, '/review/items');
    await page.locator('[data-step=enter]').first().click();
    await page.waitForSelector('[data-state=entered]');
  },
  'screen-help': async (page) => {
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open]');
  },
};

/** Screens of whoever has the posts for them. */
const office = {
  'screen-keeping': async (page) => {
    await go(page, '/keeping');
    await page.waitForSelector('.cards');
  },
  'screen-custody': async (page) => {
    await go(page, '/keeping/custody');
    await page.waitForSelector('svg.parts');
  },
  'screen-audit': async (page) => {
    await go(page, '/audit');
    await page.waitForSelector('tbody tr');
  },
  'screen-admin': async (page) => {
    await go(page, '/admin');
    await page.waitForSelector('tbody tr');
  },
  'screen-upload': async (page) => {
    await go(page, '/upload');
    const files = [1, 2, 3].map((n) => ({
      name: `000${n}.tif`,
      mimeType: 'image/tiff',
      buffer: Buffer.alloc(40_000 * n),
    }));
    await page.locator('input[type=file]').first().setInputFiles(files);
    await page.waitForSelector('tbody tr');
  },
};

/** Scans are small as JPEG only, the rest as PNG. */
const scans = new Set(['screen-reader', 'screen-findings', 'screen-repair', 'screen-beside']);

async function take(page, wanted, language, theme) {
  for (const [scene, reach] of Object.entries(wanted)) {
    if (only.length > 0 && !only.includes(scene)) continue;
    await reach(page, language);
    await settled(page);
    const path = join(folder, `${scene}-${language}-${theme}`);
    if (scans.has(scene)) {
      await page.screenshot({ path: `${path}.jpg`, type: 'jpeg', quality: 80 });
    } else {
      await page.screenshot({ path: `${path}.png` });
    }
  }
}

for (const [language, theme] of [
  ['zh', 'light'],
  ['en', 'dark'],
]) {
  const { page, close } = await open({ language, theme });
  await page.goto(address);
  await page.waitForSelector('form');
  await take(page, scenes, language, theme);
  await close();
  const other = await open({ language, theme });
  await signIn(other.page, '/batches', chief);
  await take(other.page, office, language, theme);
  await other.close();
}
process.exit();

// Makes the pictures of docs/images: every screen, of the fictional archive that the tests use.
//
//   node tests/browser/pictures.mjs docs/images
//
// Environment: see browser.mjs, and JUANZONG_INDEXER, who works at the review bench.

import { join } from 'node:path';
import { address, go, open, sayWhoAsks, search, signIn } from './browser.mjs';

const folder = process.argv[2];
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
  'screen-search': async (page, language) => {
    await sayWhoAsks(page, '汤君英', language === 'zh' ? '核对生育待遇' : 'Maternity benefit');
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
  'screen-board': async (page) => {
    await go(page, '/dossiers');
    await page.waitForSelector('tbody tr');
  },
  'screen-person': async (page) => {
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

/** Scans are small as JPEG only, the rest as PNG. */
const scans = new Set(['screen-reader', 'screen-findings']);

for (const [language, theme] of [
  ['zh', 'light'],
  ['en', 'dark'],
]) {
  const { page, close } = await open({ language, theme });
  await page.goto(address);
  await page.waitForSelector('form');
  for (const [scene, reach] of Object.entries(scenes)) {
    await reach(page, language);
    await settled(page);
    const path = join(folder, `${scene}-${language}-${theme}`);
    if (scans.has(scene)) {
      await page.screenshot({ path: `${path}.jpg`, type: 'jpeg', quality: 80 });
    } else {
      await page.screenshot({ path: `${path}.png` });
    }
  }
  await close();
}
process.exit();

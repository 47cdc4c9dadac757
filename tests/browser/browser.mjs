// Chromium, as the browser tests drive it. The server under test is told by the environment:
//
//   JUANZONG_URL       its address
//   JUANZONG_NAME      a user who may query, monitor and manage
//   JUANZONG_PASSWORD  that user's password
//
// The password is that of these as well, who work at the review bench: 李著录 and 王著录 (indexer),
// 陈初审 (first_reviewer), 外包甲 (indexer, from outside).
//
//   CHROMIUM           the browser (/usr/bin/chromium)
//
// Its archive must hold the fictional dossiers of samples/scans, taken in as one batch.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test as nodeTest } from 'node:test';

const require = createRequire(new URL('../../viewer/web/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axe = require('axe-core');

function setting(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: see tests/browser/browser.mjs`);
  return value;
}

export const address = setting('JUANZONG_URL').replace(/\/$/, '');
export const name = setting('JUANZONG_NAME');
export const password = setting('JUANZONG_PASSWORD');

let browser;
async function launched() {
  browser ??= await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  return browser;
}

/** A page of its own in a new browser profile, and all that the browser complained about. */
export async function open({ language = 'zh', theme = 'light', width = 1280, height = 800 } = {}) {
  const context = await (
    await launched()
  ).newContext({
    viewport: { width, height },
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'Asia/Shanghai',
    colorScheme: theme,
    ignoreHTTPSErrors: true,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { page, complaints, close: () => context.close() };
}

/** A test with a page that is signed in (by `as`, if somebody else), of which the browser must have nothing to complain. */
export function test(title, options, body) {
  nodeTest(title, async () => {
    const { page, complaints, close } = await open(options);
    try {
      await signIn(page, '/', options.as);
      await body(page, complaints);
      assert.deepEqual(complaints, []);
    } finally {
      await close();
    }
  });
}

export function lastly(after) {
  after(async () => browser?.close());
}

export async function signIn(page, path = '/', who = name) {
  await page.goto(address + path);
  await page.fill('input[autocomplete=username]', who);
  await page.fill('input[type=password]', password);
  await page.keyboard.press('Enter');
  await page.waitForSelector('header nav');
}

/** Records who asks, if the counter wants to know. */
export async function sayWhoAsks(page, applicant = '汤君英', purpose = '核对缴费年限') {
  await page.waitForSelector('#applicant');
  await page.fill('#applicant', applicant);
  await page.fill('#purpose', purpose);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-search-box]');
}

export async function search(page, words) {
  await page.fill('[data-search-box]', words);
  await page.keyboard.press('Enter');
}

/** Goes to a screen as a link does, without loading the application anew. */
export async function go(page, path) {
  await page.evaluate((to) => {
    const link = document.createElement('a');
    link.href = to;
    document.body.append(link);
    link.click();
    link.remove();
  }, path);
}

/** What axe finds against WCAG 2.2 AA, in words; an empty list is what we want. */
export async function accessibilityFaults(page) {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await globalThis.axe.run(document, {
      runOnly: { type: 'tag', values: tags },
    });
    return violations.flatMap((violation) =>
      violation.nodes.map(
        (node) => `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary}`,
      ),
    );
  });
}

/** Waits until the value is as wanted; tells what it was when it never is. */
export async function eventually(value, wanted, withinMs = 5_000) {
  const end = Date.now() + withinMs;
  let last;
  for (;;) {
    last = await value();
    if (wanted(last)) return last;
    if (Date.now() > end) assert.fail(`still ${JSON.stringify(last)} after ${withinMs} ms`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

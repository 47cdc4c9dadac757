// The second factor: set with a QR code, wanted at the next sign-in, switched off.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after } from 'node:test';
import { address, lastly, name, password, signIn, test, accessibilityFaults } from './browser.mjs';

lastly(after);

function codeOf(secret, steps = 0) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0'));
  const key = Buffer.from(bits.join('').match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const digest = createHmac('sha1', key).update(counter).digest();
  const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

test('one-time codes are switched on, wanted, and switched off', {}, async (page, complaints) => {
  await page.locator('header .user').click();
  const sheet = page.locator('dialog.sheet');
  await sheet.locator('input[type=password]').fill(password);
  await page.keyboard.press('Enter');
  const secret = (await sheet.locator('code').textContent()).replaceAll(' ', '');
  assert.deepEqual(await accessibilityFaults(page), []);
  await sheet.locator('input[autocomplete=one-time-code]').fill(codeOf(secret, -1));
  await page.keyboard.press('Enter');
  await sheet.waitFor({ state: 'detached' });

  await page.context().clearCookies();
  await page.evaluate(() => localStorage.clear());
  await page.goto(address);
  await page.fill('input[autocomplete=username]', name);
  await page.fill('input[type=password]', password);
  await page.keyboard.press('Enter');
  await page.fill('input[autocomplete=one-time-code]', codeOf(secret));
  await page.keyboard.press('Enter');
  await page.locator('header .user').click();
  await sheet.locator('input[type=password]').fill(password);
  await page.keyboard.press('Enter');
  await sheet.waitFor({ state: 'detached' });
  // The browser itself notes the refusal that asked for the code.
  complaints.splice(0, complaints.length, ...complaints.filter((one) => !one.includes('401')));
});
